import { QUALITY_METRICS } from '#domain/metrics.ts';
import type { GapClass } from '#domain/metrics.ts';
import { critical, dashboardPath, urlLabel, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';
import { stale } from './shapes.ts';

const OURS: GapClass = 'ours';
const { missingMinutes, missingOffsets, exportTime } = QUALITY_METRICS;
const QUALITY = 'crypto-data-quality';

/** Exports are ten minutes apart, longer than a query looks back by itself. */
const LOOK_BACK = '30m';

/** What the warehouse knows about the data. */
export const QUALITY_RULES: RuleGroup = {
  name: 'crypto-quality',
  interval: '5m',
  rules: [
    warning({
      name: 'QualityUnknown',
      expr: stale(exportTime.name, { olderThan: 45 * 60, known: '3d' }),
      forMinutes: 10,
      summary: 'the warehouse told nothing about the data for {{ $value | humanizeDuration }}',
      description:
        'The numbers of data quality are old, and so may be the tables. See the runs of market_models in Airflow, then the log of the quality exporter.',
      dashboard: dashboardPath(QUALITY),
      runbook: 'data',
    }),
    critical({
      name: 'OffsetsMissing',
      expr: `sum by (topic, partition) (last_over_time(${missingOffsets.name}[${LOOK_BACK}])) > 0`,
      forMinutes: 30,
      summary:
        '{{ $value }} records of partition {{ $labels.partition }} of {{ $labels.topic }} did not land',
      description:
        "Kafka forgets them after its retention. See the sink connector's dead-letter topic and the error table of the landing table.",
      dashboard: dashboardPath(QUALITY),
      runbook: 'data',
    }),
    warning({
      name: 'MinutesMissing',
      expr: `sum by (symbol) (last_over_time(${missingMinutes.name}{class="${OURS}",window="yesterday"}[${LOOK_BACK}])) > 0`,
      forMinutes: 180,
      summary:
        '{{ $value }} minutes of {{ $labels.symbol }} of yesterday are missing, and the exchange has them',
      description: 'The runs of heal_gaps in Airflow fill such minutes every hour, so some of those failed.',
      dashboard: dashboardPath(QUALITY, { symbol: urlLabel('symbol') }),
      runbook: 'data',
    }),
  ],
};
