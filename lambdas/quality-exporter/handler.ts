import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { connectWarehouse } from '#snowflake/connection.ts';
import { parseBatchRun } from './batch-run.ts';
import { parseEnvironment } from './env.ts';
import { exportQuality } from './export-quality.ts';
import type { ExportOutcome } from './export-quality.ts';
import { readMarts } from './read-marts.ts';

/**
 * Reads the quality and audit marts and writes them to Prometheus as gauges; called after each build of the models.
 * The event may say which DAG's run that was and how its dbt build ended; {} is none. Throws when the export is not
 * whole, so that the caller and Lambda's own metrics see a failure.
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<ExportOutcome> {
  const startMs = Date.now();
  const run = parseBatchRun(event);
  const remainingMs = context.getRemainingTimeInMillis();
  const deadlineMs = startMs + remainingMs - Math.min(ANSWER_MARGIN_MS, remainingMs / 4);
  const outcome = await exportQuality(run, deadlineMs, ports);

  const durationMs = Date.now() - startMs;
  const whole = outcome.problems.length === 0;
  logger[whole ? 'info' : 'error']('quality', { event: 'quality', durationMs, ...outcome });
  emitMetrics(outcome, durationMs);
  if (!whole) throw new Error(`the quality export is not whole: ${outcome.problems.join('; ')}`);
  return outcome;
}

/** For the answer itself. */
const ANSWER_MARGIN_MS = 2_000;

const SERVICE = 'quality-exporter';
const config = parseEnvironment(process.env);
const logger = new Logger({ serviceName: SERVICE });
const metrics = new Metrics({ namespace: config.metricsNamespace, serviceName: SERVICE });
const ports = {
  ...createRemoteWrite(config.remoteWriteUrl, config.auth, SERVICE),
  read: async (firstDay: string) => {
    // Minutes pass between two exports, which no connection would outlive.
    await using warehouse = await connectWarehouse(config.warehouse);
    // Awaited here, or the connection would be closed before the marts are read.
    return await readMarts(warehouse, firstDay);
  },
  now: Date.now,
  sleep: (ms: number) => sleep(ms),
  random: Math.random,
};

function emitMetrics(outcome: ExportOutcome, durationMs: number): void {
  const refused = Object.values(outcome.refused).reduce((sum, count) => sum + count, 0);
  metrics.addMetric('Symbols', MetricUnit.Count, outcome.symbols);
  metrics.addMetric('SamplesStored', MetricUnit.Count, outcome.stored);
  metrics.addMetric('SamplesRefused', MetricUnit.Count, refused);
  metrics.addMetric('SamplesUnsent', MetricUnit.Count, outcome.unsent);
  metrics.addMetric('Problems', MetricUnit.Count, outcome.problems.length);
  metrics.addMetric('Duration', MetricUnit.Milliseconds, durationMs);
  metrics.publishStoredMetrics();
}
