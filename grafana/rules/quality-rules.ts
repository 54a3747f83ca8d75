import { QUALITY_METRICS } from '#domain/metrics.ts';
import type { GapClass } from '#domain/metrics.ts';
import { critical, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';

const OURS: GapClass = 'ours';
const { missingMinutes, missingOffsets, exportTime } = QUALITY_METRICS;

/** Exports are ten minutes apart, longer than a query looks back by itself. */
const LOOK_BACK = '30m';

/** What the warehouse knows about the data. */
export const QUALITY_RULES: RuleGroup = {
  name: 'crypto-quality',
  interval: '5m',
  rules: [
    warning({
      name: 'QualityUnknown',
      expr: `absent(time() - last_over_time(${exportTime.name}[2h]) < 45 * 60)`,
      forMinutes: 10,
      summary: 'the warehouse told nothing about the data for 45 minutes',
      action: 'see the runs of market_models in Airflow, then the log of the quality exporter',
    }),
    critical({
      name: 'OffsetsMissing',
      expr: `sum by (topic, partition) (last_over_time(${missingOffsets.name}[${LOOK_BACK}])) > 0`,
      forMinutes: 30,
      summary:
        '{{ $value }} records of partition {{ $labels.partition }} of {{ $labels.topic }} did not land',
      action: "see the sink connector's dead-letter topic and the error table of the landing table",
    }),
    warning({
      name: 'MinutesMissing',
      expr: `sum by (symbol) (last_over_time(${missingMinutes.name}{class="${OURS}",window="yesterday"}[${LOOK_BACK}])) > 0`,
      forMinutes: 180,
      summary:
        '{{ $value }} minutes of {{ $labels.symbol }} of yesterday are missing, and the exchange has them',
      action: 'see the runs of heal_gaps in Airflow: they fill such minutes every hour',
    }),
  ],
};
