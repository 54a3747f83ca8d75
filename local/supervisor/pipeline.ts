import { airflowPart } from './parts/airflow.ts';
import { alertmanagerPart } from './parts/alertmanager.ts';
import { connectPart } from './parts/connect.ts';
import { consumerPart } from './parts/consumer.ts';
import { exchangePart } from './parts/exchange.ts';
import { exporterPart } from './parts/exporter.ts';
import { kafkaPart } from './parts/kafka.ts';
import { pagePart } from './parts/page.ts';
import { prometheusPart } from './parts/prometheus.ts';
import { warehousePart } from './parts/warehouse.ts';
import type { Part } from './part.ts';
import type { RunOptions } from './run-options.ts';

/** The whole pipeline as processes, in the order in which a person reads it. */
export function pipelineParts(options: RunOptions): readonly Part[] {
  return [
    kafkaPart(options),
    prometheusPart(options),
    alertmanagerPart(options),
    ...(options.source === 'replay' ? [exchangePart(options)] : []),
    exporterPart(options),
    consumerPart(options),
    pagePart(options),
    ...(options.batch ? batchParts(options) : []),
  ];
}

/** What `--no-batch` leaves out. */
function batchParts(options: RunOptions): readonly Part[] {
  return [warehousePart(options), connectPart(options), airflowPart(options)];
}
