import type { Row } from './row.ts';

const AGAIN = 'faults/c-consumer/redelivered.faults.ts';
const AWAY = 'faults/c-consumer/receiver-away.faults.ts';

export const CONSUMER_ROWS: readonly Row[] = [
  {
    row: 'C1',
    fault: 'poison record (bad base64, JSON, schema)',
    expected: 'kept aside with topic, partition, offset and reason; neighbours stored',
    proof: {
      kind: 'test',
      file: 'lambdas/prometheus-consumer/bad-data.test.ts',
      name: 'C1 records that are no candles are kept aside with their place and bytes, their neighbours stored',
      also: [
        {
          file: 'test/lambdas/prometheus-consumer/rejected-store.test.ts',
          name: 'a document in the folder says where the record was, why it is there, and what its bytes were',
        },
      ],
    },
  },
  {
    row: 'C2',
    fault: 'the same event twice; a crash after the write',
    expected: 'same state in the store, success',
    proof: {
      kind: 'test',
      file: AGAIN,
      name: 'C2 the same event twice, and a crash after the write, leave the same state and end in success',
      measured:
        'a real Prometheus, killed with -9 once the store had taken the write: the same samples and values after each delivery; only latencies of a replay may be those of either delivery',
    },
  },
  {
    row: 'C3',
    fault: '429, 500, 503, time-out, reset, slow drip',
    expected: 'retry with backoff inside the remaining time, then the batch is handed back',
    proof: {
      kind: 'test',
      file: AWAY,
      name: 'C3 a receiver that is away for a moment is tried again ever more slowly; one that stays away gets the batch handed back in time, and whole afterwards',
      also: [
        {
          file: 'test/lambdas/prometheus-consumer/receiver-away.test.ts',
          name: 'a pause that does not fit into the time left is not begun: the batch is handed back at once',
        },
      ],
    },
  },
  {
    row: 'C4',
    fault: '400 for one series',
    expected: 'isolated; others stored; the bad one kept aside',
    proof: {
      kind: 'test',
      file: 'lambdas/prometheus-consumer/bad-data.test.ts',
      name: 'C4 one series that is refused with 400 is found and kept aside, the others stored, no body sent twice',
    },
  },
  {
    row: 'C5',
    fault: 'sample over 1 h old, or in the future',
    expected: 'not sent, counted',
    proof: {
      kind: 'test',
      file: 'lambdas/prometheus-consumer/bad-data.test.ts',
      name: 'C5 candles too old or of the future are not sent but counted, a candle ahead by milliseconds is waited for',
      also: [
        {
          file: 'test/lambdas/prometheus-consumer/candle-samples.test.ts',
          name: 'candles over an hour old and candles of the future are dropped, each counted with its offsets',
        },
      ],
    },
  },
  {
    row: 'C6',
    fault: 'same timestamp, other value',
    expected: 'first stays, counted, alarm',
    proof: {
      kind: 'test',
      file: 'lambdas/prometheus-consumer/prometheus.integ.test.ts',
      name: 'C6 a second value for a time that the store has is counted and kept aside, the first one and its neighbours stay',
      also: [
        {
          file: 'test/lambdas/prometheus-consumer/prometheus.integ.test.ts',
          name: 'another value for an older minute the store takes without a word, and shows from then on',
        },
        {
          file: 'test/grafana/alert-cases/delivery-cases.ts',
          name: 'the store took it, as the minute is not its newest',
        },
      ],
      measured:
        'so for the newest minute of a series; for an older one Prometheus takes the second value without a word and shows it, which the count of corrections in the exporter and the same alarm tell of',
    },
  },
  {
    row: 'C7',
    fault: 'request over 1 MB',
    expected: 'split',
    proof: {
      kind: 'test',
      file: 'lambdas/prometheus-consumer/bad-data.test.ts',
      name: 'C7 an event of thousands of candles is split below 1 MB, compressed or not, and stored whole',
      also: [
        {
          file: 'test/remote-write/split-requests.test.ts',
          name: 'no request is larger than the limit, and together they hold every sample once, in order',
        },
      ],
    },
  },
  {
    row: 'C8',
    fault: '403 (expired credentials)',
    expected: 'refreshed once, then handed back',
    proof: {
      kind: 'test',
      file: 'lambdas/prometheus-consumer/receiver-away.test.ts',
      name: 'C8 after a 403 credentials are refreshed once, then the batch is handed back',
      also: [
        {
          file: 'test/remote-write/remote-write.test.ts',
          name: 'after a refresh requests are signed with what the environment says now',
        },
      ],
    },
  },
  {
    row: 'C9',
    fault: 'own deadline',
    expected: 'returns before the function times out',
    proof: {
      kind: 'test',
      file: AWAY,
      name: 'C9 whatever it waits for, the function answers before its own time is up, and hands back what it did not get to',
      also: [
        {
          file: 'test/lambdas/prometheus-consumer/receiver-away.test.ts',
          name: 'nothing is sent once the time is up',
        },
      ],
      measured:
        'of 60 s: a silent store, one that refuses 1,400 samples slowly, a silent bucket for 1,500 bad records',
    },
  },
  {
    row: 'C10',
    fault: 'two invocations over one partition',
    expected: 'same state',
    proof: {
      kind: 'test',
      file: AGAIN,
      name: 'C10 two invocations over one partition at once leave the state that one leaves',
    },
  },
  {
    row: 'C11',
    fault: 'a receiver that answers 204 and stores nothing',
    expected: 'found by a read-back probe',
    proof: {
      kind: 'test',
      file: 'faults/c-consumer/read-back.faults.ts',
      name: 'C11 a receiver that answers 204 and stores nothing, or nothing of one symbol, is found by the alerts that ask the store for what was written',
      also: [
        {
          file: 'test/grafana/alerting.integ.test.ts',
          name: 'when no candle comes at all, that is told, and not for each symbol',
        },
        { file: 'test/grafana/alert-cases/live-cases.ts', name: 'SymbolNotStored' },
      ],
      measured:
        'the probe is two rules, CandlesStopped and SymbolNotStored, asked of a real Prometheus: true while a writer is told 204 and nothing is stored, and not once it is',
    },
  },
];
