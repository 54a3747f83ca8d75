import type { GroupCases } from './alert-case.ts';

const run = (dag: string) => `crypto_dag_run_timestamp_seconds{dag="${dag}"}`;
const results = (dag: string, status: string) => `crypto_dbt_results{dag="${dag}",status="${status}"}`;

/** The world of promtool begins at 0, so a time is seconds from there. */
export const WAREHOUSE_CASES: GroupCases = {
  DagMissed: {
    fires: {
      series: { [run('market_models')]: '0 _x9 600 _x200', [run('heal_gaps')]: '0 _x200' },
      quietAtMinute: 64,
      atMinute: 66,
      firing: [
        { labels: { dag: 'market_models' }, summary: 'the last run of market_models ended 56m 0s ago' },
      ],
    },
    quiet: { series: { [run('market_models')]: '0 _x44 2700 _x200' }, atMinute: 89 },
    nasty: {
      'two in a row of those each hour': {
        series: { [run('heal_gaps')]: '0 _x200' },
        quietAtMinute: 175,
        atMinute: 195,
        firing: [{ labels: { dag: 'heal_gaps' }, summary: 'the last run of heal_gaps ended 3h 15m 0s ago' }],
      },
      'a nightly run is late': {
        series: { [run('history_reconcile')]: '0 _x210' },
        stepMinutes: 10,
        quietAtMinute: 1970,
        atMinute: 2010,
        firing: [
          {
            labels: { dag: 'history_reconcile' },
            summary: 'the last run of history_reconcile ended 1d 9h 30m 0s ago',
          },
        ],
      },
      'a nightly run that took hours longer': {
        series: { [run('history_reconcile')]: '0 _x179 108000 _x30' },
        stepMinutes: 10,
        atMinute: 2010,
      },
      'none has run yet': { series: {}, atMinute: 200 },
      'one that people start by hand': {
        series: { [run('backfill')]: '0 _x210' },
        stepMinutes: 10,
        atMinute: 2010,
      },
    },
  },
  DbtFailed: {
    fires: {
      series: {
        [results('market_models', 'pass')]: '80 _x9 79',
        [results('market_models', 'fail')]: '0 _x9 1',
        [results('market_models', 'error')]: '0 _x9 1',
      },
      atMinute: 15,
      firing: [
        {
          labels: { dag: 'market_models' },
          summary: '2 models or tests of dbt failed in the last build of market_models',
        },
      ],
    },
    quiet: {
      series: {
        [results('market_models', 'fail')]: '1 _x9 0',
        [results('market_models', 'warn')]: '3 _x9 3',
      },
      atMinute: 15,
    },
    nasty: {
      'it failed at night, and the next night is to come': {
        series: { [results('history_reconcile', 'fail')]: '2 _x150' },
        stepMinutes: 10,
        atMinute: 1200,
        firing: [
          {
            labels: { dag: 'history_reconcile' },
            summary: '2 models or tests of dbt failed in the last build of history_reconcile',
          },
        ],
      },
    },
  },
};
