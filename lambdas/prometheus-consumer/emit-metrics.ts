import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { ConsumeReport, CountByReason } from './report.ts';

/** CloudWatch embedded metrics: totals by service, and what went wrong by reason as well. */
export function emitMetrics(metrics: Metrics, report: ConsumeReport, durationMs: number): void {
  metrics.addMetric('Records', MetricUnit.Count, report.records);
  metrics.addMetric('Candles', MetricUnit.Count, report.candles);
  metrics.addMetric('SamplesStored', MetricUnit.Count, report.stored);
  metrics.addMetric('SamplesDuplicate', MetricUnit.Count, report.duplicates);
  metrics.addMetric('SamplesUnsent', MetricUnit.Count, report.unsent);
  metrics.addMetric('LatencyReplays', MetricUnit.Count, report.latencyReplays);
  metrics.addMetric('KeptAside', MetricUnit.Count, report.keptAside);
  metrics.addMetric('NotKeptAside', MetricUnit.Count, report.notKeptAside);
  metrics.addMetric('PartitionsHandedBack', MetricUnit.Count, report.handedBack.length);
  metrics.addMetric('Duration', MetricUnit.Milliseconds, durationMs);
  metrics.publishStoredMetrics();

  const dropped: Record<string, number> = {};
  for (const { reason, candles } of report.dropped) dropped[reason] = (dropped[reason] ?? 0) + candles;
  emitByReason(metrics, 'RecordsPoison', report.poison);
  emitByReason(metrics, 'CandlesDropped', dropped);
  emitByReason(metrics, 'SamplesRefused', report.refused);
  emitByReason(metrics, 'Requests', report.requests);
}

/** The reasons of each are a fixed set, so the number of metrics is too; a zero is not worth a line. */
function emitByReason(metrics: Metrics, name: string, counts: CountByReason<string>): void {
  for (const [reason, count] of Object.entries(counts)) {
    if (count === undefined || count === 0) continue;
    const single = metrics.singleMetric();
    single.addDimension('reason', reason);
    single.addMetric(name, MetricUnit.Count, count);
  }
}
