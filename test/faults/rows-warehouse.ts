import type { Row } from './row.ts';

export const WAREHOUSE_ROWS: readonly Row[] = [
  {
    row: 'D1',
    fault: 'worker killed between flush and commit',
    expected: '0 lost; de-duplicated by key',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'D2',
    fault: 'offsets rewound',
    expected: 'mart unchanged',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'D3',
    fault: 'bad row',
    expected: 'in the error table or dead-letter topic; a dbt test fails',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'D4',
    fault: 'landing table replaced or dropped',
    expected: 'grants forbid it',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'D5',
    fault: 'a new field',
    expected: 'landed, nothing breaks',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E1',
    fault: 'killed in the middle of a model',
    expected: 'the re-run gives the same result as a full refresh',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E2',
    fault: 'two runs at once',
    expected: 'one waits',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E3',
    fault: 'late rows',
    expected: 'picked up inside the look-back window; older ones by the nightly reconciliation',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E4',
    fault: 'stale or empty source',
    expected: 'freshness fails and says so',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E5',
    fault: 'disk full',
    expected: 'clear error, artifacts kept',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E6',
    fault: 'warehouse refuses connections',
    expected: 'retries, then an alert',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E7',
    fault: 'a DAG does not import',
    expected: 'found by a test that asserts the number of DAGs loaded',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'E8',
    fault: 'archive file with a wrong checksum, a truncated zip, a file rewritten later',
    expected: "refused with the file's name; the re-check finds the rewrite",
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'F1',
    fault: 'a custom resource throws, times out, or is called twice',
    expected:
      'CloudFormation always gets an answer; idempotent by UID or name; deleting a half-made stack works',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
];
