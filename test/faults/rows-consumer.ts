import type { Row } from './row.ts';

export const CONSUMER_ROWS: readonly Row[] = [
  {
    row: 'C1',
    fault: 'poison record (bad base64, JSON, schema)',
    expected: 'kept aside with topic, partition, offset and reason; neighbours stored',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C2',
    fault: 'the same event twice; a crash after the write',
    expected: 'same state in the store, success',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C3',
    fault: '429, 500, 503, time-out, reset, slow drip',
    expected: 'retry with backoff inside the remaining time, then the batch is handed back',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C4',
    fault: '400 for one series',
    expected: 'isolated; others stored; the bad one kept aside',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C5',
    fault: 'sample over 1 h old, or in the future',
    expected: 'not sent, counted',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C6',
    fault: 'same timestamp, other value',
    expected: 'first stays, counted, alarm',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C7',
    fault: 'request over 1 MB',
    expected: 'split',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C8',
    fault: '403 (expired credentials)',
    expected: 'refreshed once, then handed back',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C9',
    fault: 'own deadline',
    expected: 'returns before the function times out',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C10',
    fault: 'two invocations over one partition',
    expected: 'same state',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'C11',
    fault: 'a receiver that answers 204 and stores nothing',
    expected: 'found by a read-back probe',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
];
