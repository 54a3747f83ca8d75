import { BATCH_METRICS } from '#domain/metrics.ts';
import { dashboardPath, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';
import { stale } from './shapes.ts';

const { dagRunTime, dbtResults } = BATCH_METRICS;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** In seconds, from the end of one run to the end of the next when the latter has all the time that its tasks may take. */
const OVERDUE = {
  market_models: 45 * MINUTE,
  heal_gaps: 3 * HOUR,
  history_reconcile: 33 * HOUR,
} as const;

const MISSED = Object.entries(OVERDUE)
  .map(([dag, olderThan]) =>
    stale(`${dagRunTime.name}{dag="${dag}"}`, { olderThan, known: '3d', by: ['dag'] }),
  )
  .join(' or ');

/** What Airflow and dbt do. */
export const WAREHOUSE_RULES: RuleGroup = {
  name: 'crypto-warehouse',
  interval: '5m',
  rules: [
    warning({
      name: 'DagMissed',
      expr: MISSED,
      forMinutes: 10,
      summary: 'the last run of {{ $labels.dag }} ended {{ $value | humanizeDuration }} ago',
      description:
        'Runs do not begin, or do not come to their end, so what the DAG does is not done. See its runs in Airflow, then the scheduler.',
      dashboard: dashboardPath('crypto-pipeline-health'),
      runbook: 'warehouse',
    }),
    warning({
      name: 'DbtFailed',
      // of the last run that built anything, which may be a day ago
      expr: `sum by (dag) (last_over_time(${dbtResults.name}{status=~"fail|error"}[26h])) > 0`,
      forMinutes: 0,
      summary: '{{ $value }} models or tests of dbt failed in the last build of {{ $labels.dag }}',
      description:
        'A failed test says that data is wrong, a failed model that its table is old. What failed is named in the log of the task build.',
      dashboard: dashboardPath('crypto-data-quality'),
      runbook: 'warehouse',
    }),
  ],
};
