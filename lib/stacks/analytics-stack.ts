import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Batch } from '#lib/batch/batch.ts';
import { QualityExporter } from '#lib/metrics/quality-exporter.ts';
import { logProviders } from '#lib/provider-logs.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { Warehouse } from '#lib/warehouse/warehouse.ts';
import type { DataStack } from './data-stack.ts';
import type { FoundationStack } from './foundation-stack.ts';
import type { LiveStack } from './live-stack.ts';

/** The path of years: from Kafka and the exchange's archive to tables. */
export class AnalyticsStack extends Stack {
  readonly warehouse: Warehouse;
  readonly qualityExporter: QualityExporter;
  readonly batch: Batch;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & {
      readonly stage: Stage;
      readonly foundation: FoundationStack;
      readonly data: DataStack;
      readonly live: LiveStack;
    },
  ) {
    super(scope, id, props);
    const { stage, foundation, data, live } = props;
    const { network, key, alarms } = foundation;
    const { stream, metricsStore } = data;
    this.warehouse = new Warehouse(this, 'Warehouse', { stage, network, stream, key, alarms });
    this.qualityExporter = new QualityExporter(this, 'QualityExporter', {
      stage,
      network,
      warehouse: this.warehouse,
      metricsStore,
      key,
      alarms,
    });
    this.batch = new Batch(this, 'Batch', {
      stage,
      network,
      warehouse: this.warehouse,
      qualityExporter: this.qualityExporter,
      cluster: live.exporter.cluster,
      image: live.exporter.image,
      key,
      alarms,
    });
    logProviders(this, stage, key);
  }
}
