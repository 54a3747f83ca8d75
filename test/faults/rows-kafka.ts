import type { Row } from './row.ts';

export const KAFKA_ROWS: readonly Row[] = [
  {
    row: 'B1',
    fault: 'a broker is restarted gracefully',
    expected: 'a stall, no acknowledged record lost',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B2',
    fault: 'a broker is killed',
    expected: 'a stall, no acknowledged record lost',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B3',
    fault: 'a broker is frozen for 20 s',
    expected: 'a stall, no acknowledged record lost',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B4',
    fault: 'two of three brokers are down',
    expected: 'a stall, no acknowledged record lost',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B5',
    fault: 'all brokers are down',
    expected: 'a stall, no acknowledged record lost',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B6',
    fault: 'credentials expire mid-stream',
    expected: 're-authentication, no loss',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B7',
    fault: 'topic missing, authorisation refused',
    expected: 'fails fast and loud, naming the topic and the action',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B8',
    fault: "retention shorter than the consumer's delay",
    expected: 'a lag alarm long before; the audit finds the hole',
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
  {
    row: 'B9',
    fault: 'topic re-created',
    expected: "the connector's epoch rule; nothing skipped silently",
    proof: { kind: 'not-here', reason: 'its test is not written yet' },
  },
];
