import type { Row } from './row.ts';

const CONNECT = 'faults/d-warehouse/connect.faults.ts';
const CANDLES = 'dbt/candles.integ.test.ts';

export const WAREHOUSE_ROWS: readonly Row[] = [
  {
    row: 'D1',
    fault: 'worker killed between flush and commit',
    expected: '0 lost; de-duplicated by key',
    proof: {
      kind: 'test',
      file: CONNECT,
      name: 'D1 the worker is killed between its flush and its commit: no candle is lost, and the marts have each once',
      also: [
        {
          file: 'test/local/connect/sink.integ.test.ts',
          name: 'kill -9 of the worker in the middle of its work loses nothing, nor do offsets that are rewound in Kafka',
        },
      ],
      measured: '3,000 candles; killed while rows had landed that Kafka did not know of',
    },
  },
  {
    row: 'D2',
    fault: 'offsets rewound',
    expected: 'mart unchanged',
    proof: {
      kind: 'test',
      file: CONNECT,
      name: 'D2 offsets are rewound to the beginning, and what landed lands once more: the marts do not change',
      also: [
        {
          file: 'test/local/connect/sink.integ.test.ts',
          name: 'a new epoch lands the whole topic once more: the same candles, each known by its partition and offset',
        },
      ],
      measured:
        '3,000 rows landed a second time; candles of six intervals and gaps as before, but for the time of landing',
    },
  },
  {
    row: 'D3',
    fault: 'bad row',
    expected: 'in the error table or dead-letter topic; a dbt test fails',
    proof: {
      kind: 'test',
      file: 'local/connect/sink.integ.test.ts',
      name: 'D3 what is not JSON goes to the dead-letter topic whole, with where and why; its neighbours land',
      also: [
        { file: 'test/dbt/candles.integ.test.ts', name: 'fail the tests that watch for them' },
        { file: 'test/dbt/candles.integ.test.ts', name: 'are kept apart with the reason' },
      ],
    },
  },
  {
    row: 'D4',
    fault: 'landing table replaced or dropped',
    expected: 'grants forbid it',
    proof: {
      kind: 'test',
      file: 'snowflake/least-privilege.integ.test.ts',
      name: 'D4 no program may drop, replace, empty or rename a landing table, whichever it is',
      also: [
        {
          file: 'test/snowflake/least-privilege.integ.test.ts',
          name: 'what was landed and made is still there after all that',
        },
      ],
      measured: 'the grants themselves, on the emulator',
    },
  },
  {
    row: 'D5',
    fault: 'a new field',
    expected: 'landed, nothing breaks',
    proof: {
      kind: 'test',
      file: 'local/connect/sink.integ.test.ts',
      name: 'D5 a field that nobody knew of lands with the rest',
      also: [
        {
          file: 'test/dbt/candles.integ.test.ts',
          name: 'stop no good row, with a field of tomorrow or without',
        },
      ],
    },
  },
  {
    row: 'E1',
    fault: 'killed in the middle of a model',
    expected: 'the re-run gives the same result as a full refresh',
    proof: {
      kind: 'test',
      file: CANDLES,
      name: 'E1 holds what a build of all that landed holds, candles of last year included',
      also: [
        { file: 'test/dbt/candles.integ.test.ts', name: 'end in the same rows as a full refresh' },
        {
          file: 'test/e2e/warehouse-path.integ.test.ts',
          name: 'killed in the middle, Connect, the exporter and dbt leave no trace in the marts',
        },
      ],
    },
  },
  {
    row: 'E2',
    fault: 'two runs at once',
    expected: 'one waits',
    proof: {
      kind: 'test',
      file: 'mwaa/dags.integ.test.ts',
      name: 'E2 two DAGs that build at once take turns, and both end well',
      also: [
        { file: 'test/mwaa/test_build_lock.py', name: 'test_who_comes_second_waits_and_says_for_whom' },
        { file: 'test/mwaa/test_build_lock.py', name: 'test_of_many_never_two_are_inside' },
      ],
    },
  },
  {
    row: 'E3',
    fault: 'late rows',
    expected: 'picked up inside the look-back window; older ones by the nightly reconciliation',
    proof: {
      kind: 'test',
      file: 'faults/e-airflow/late-rows.faults.ts',
      name: 'E3 rows that show up late are taken up within the look-back, later ones by the nightly reconciliation',
      also: [
        {
          file: 'test/dbt/candles.integ.test.ts',
          name: 'keeps what arrived late, twice or otherwise, and counts it',
        },
      ],
      measured:
        "an hour late by the next build, ten hours late by the nightly one; the look-back is 2 hours, the night's 72",
    },
  },
  {
    row: 'E4',
    fault: 'stale or empty source',
    expected: 'freshness fails and says so',
    proof: {
      kind: 'test',
      file: CANDLES,
      name: 'E4 fails freshness by the name of the source',
      also: [
        {
          file: 'test/dbt/candles.integ.test.ts',
          name: 'fails freshness once nothing has landed for long, whatever a wrong clock dated in the future',
        },
        {
          file: 'test/mwaa/test_run_dbt.py',
          name: 'test_a_stale_source_an_empty_one_and_one_that_can_not_be_read_are_told_apart',
        },
      ],
    },
  },
  {
    row: 'E5',
    fault: 'disk full',
    expected: 'clear error, artifacts kept',
    proof: {
      kind: 'test',
      file: 'mwaa/test_run_dbt.py',
      name: 'test_e5_a_full_disk_is_named_and_what_there_is_of_the_artifacts_is_kept',
    },
  },
  {
    row: 'E6',
    fault: 'warehouse refuses connections',
    expected: 'retries, then an alert',
    proof: {
      kind: 'test',
      file: 'mwaa/test_failing_runs.py',
      name: 'test_e6_a_warehouse_that_refuses_connections_is_tried_again_and_then_alerted',
      also: [
        {
          file: 'test/faults/e-airflow/refused-connections.faults.ts',
          name: 'a warehouse that refuses connections ends dbt with exit code 2 and the words that its task tells of',
        },
        {
          file: 'test/snowflake/warehouse.integ.test.ts',
          name: 'a warehouse that is not there is named with its address, the user and the role',
        },
      ],
      measured: 'dbt itself gave up after 78 s and 11 attempts; the task ran 4 times, then one alert',
    },
  },
  {
    row: 'E7',
    fault: 'a DAG does not import',
    expected: 'found by a test that asserts the number of DAGs loaded',
    proof: {
      kind: 'test',
      file: 'mwaa/test_dags.py',
      name: 'test_e7_all_four_dags_load',
      also: [{ file: 'test/mwaa/test_dags.py', name: 'test_a_dag_that_does_not_import_is_found' }],
    },
  },
  {
    row: 'E8',
    fault: 'archive file with a wrong checksum, a truncated zip, a file rewritten later',
    expected: "refused with the file's name; the re-check finds the rewrite",
    proof: {
      kind: 'test',
      file: 'fargate/archive-loader/archive-loader.integ.test.ts',
      name: 'E8 a file with a wrong checksum and a truncated one are refused by name, and a re-check finds the one that was rewritten',
      also: [
        {
          file: 'test/fargate/archive-loader/heal.test.ts',
          name: 'loads what was rewritten since, and nothing else',
        },
      ],
    },
  },
  {
    row: 'F1',
    fault: 'a custom resource throws, times out, or is called twice',
    expected:
      'CloudFormation always gets an answer; idempotent by UID or name; deleting a half-made stack works',
    proof: {
      kind: 'test',
      file: 'lambdas/grafana-provisioning/on-event.test.ts',
      name: 'F1 a run that fails at any request names it, takes the token back, and is made good by the next, with one of each',
      also: [
        {
          file: 'test/lib/whole-app/lifecycle.test.ts',
          name: 'each custom resource of ours has a framework before it that answers CloudFormation, and outlives it',
        },
        {
          file: 'test/lambdas/grafana-provisioning/on-event.test.ts',
          name: 'stops at its deadline, names the request it had no time for, and takes the token back',
        },
        {
          file: 'test/lambdas/grafana-provisioning/on-event.test.ts',
          name: 'succeeds when the workspace is gone, going, or was never finished',
        },
        { file: 'test/lambdas/snowflake-setup/on-event.integ.test.ts', name: 'a second run keeps every key' },
        {
          file: 'test/lambdas/snowflake-setup/on-event.integ.test.ts',
          name: 'deletion leaves Snowflake and its keys alone and says so, whatever had been made',
        },
        {
          file: 'test/lambdas/image-build/build-image.test.ts',
          name: 'nothing is asked of AWS to delete it, also where it was never made',
        },
      ],
    },
  },
];
