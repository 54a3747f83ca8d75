import type { Row } from './row.ts';

const STREAMS = 'faults/a-exporter/streams.faults.ts';
const BAD = 'faults/a-exporter/bad-candles.faults.ts';
const AWAY = 'faults/a-exporter/kafka-away.faults.ts';
const REPLACED = 'faults/a-exporter/replaced.faults.ts';

export const EXPORTER_ROWS: readonly Row[] = [
  {
    row: 'A1',
    fault: 'the socket is closed by the exchange; it says it will shut down; a connection is 24 h old',
    expected:
      'replaced before it is a day old and on notice, the new one delivers before the old one goes, duplicates are dropped by key; after a drop back within 5 s, and the hole is filled from REST',
    proof: {
      kind: 'test',
      file: STREAMS,
      name: 'A1 a socket that is closed, told to go, or a day old is replaced before or within 5 s, and costs no candle',
      also: [
        {
          file: 'test/fargate/ohlc-exporter/replaced-connections.test.ts',
          name: 'leaves the old connection in its place until another one delivers',
        },
      ],
    },
  },
  {
    row: 'A2',
    fault: 'half open: the socket stays open, no data comes, pings are answered or not',
    expected:
      'noticed by a deadline per symbol on the closed candle and by silence; a new connection; the hole is filled',
    proof: {
      kind: 'test',
      file: STREAMS,
      name: 'A2 a socket that stays open and says nothing, or nothing of one symbol, is noticed and replaced',
    },
  },
  {
    row: 'A3',
    fault: 'a drop after the first rotation',
    expected: 'a new connection, as before it',
    proof: {
      kind: 'test',
      file: STREAMS,
      name: 'A3 a drop after the first rotation, and after the second, is mended like any other',
    },
  },
  {
    row: 'A4',
    fault: 'malformed JSON, wrong types, NaN, unknown events, a frame of 10 MB',
    expected: 'counted and kept in the dead-letter topic, the stream goes on, other symbols are untouched',
    proof: {
      kind: 'test',
      file: BAD,
      name: 'A4 what is no candle is counted and kept with its reason, a frame of 10 MB too, and the stream goes on',
    },
  },
  {
    row: 'A5',
    fault: 'duplicate, late and out-of-order closed candles',
    expected: 'one candle per key',
    proof: {
      kind: 'test',
      file: BAD,
      name: 'A5 duplicate, late and out-of-order closed candles are one candle per key',
    },
  },
  {
    row: 'A6',
    fault: 'stream and REST differ for one candle',
    expected: 'both are kept with their source, REST wins in the mart, counted as a correction',
    proof: {
      kind: 'test',
      file: BAD,
      name: 'A6 where stream and REST differ both are kept with their source, and it is counted as a correction',
      also: [
        { file: 'dbt/models/intermediate/_int_candles_unit_tests.yml', name: 'the_best_of_what_landed_wins' },
      ],
    },
  },
  {
    row: 'A7',
    fault: 'a minute is missing at the exchange too',
    expected: 'recorded as a gap with its class, asked for again, no candle is made up',
    proof: {
      kind: 'test',
      file: BAD,
      name: 'A7 a minute that the exchange does not have either stays open as its gap, is asked for again, and is never made up',
      also: [
        {
          file: 'dbt/models/marts/operations/_fct_candle_gaps_unit_tests.yml',
          name: 'a_gap_is_of_the_exchange_delisted_or_ours',
        },
      ],
    },
  },
  {
    row: 'A8',
    fault: 'REST answers 429, 418 or 5xx, or not at all',
    expected: 'Retry-After is obeyed, pauses grow, nothing spins, the hole stays queued',
    proof: {
      kind: 'test',
      file: 'faults/a-exporter/rest.faults.ts',
      name: 'A8 REST that refuses, fails or says nothing is asked no sooner than it allows and never in a loop, and the hole stays queued',
    },
  },
  {
    row: 'A9',
    fault: 'kill -9 at a random moment',
    expected: 'on start the cursor comes from Kafka, the hole is filled',
    proof: {
      kind: 'test',
      file: 'faults/a-exporter/killed.faults.ts',
      name: 'A9 the exporter is killed at a random moment, 100 times',
      short: {
        file: 'faults/a-exporter/killed.short.faults.ts',
        name: 'A9 the exporter is killed at a random moment, 3 times',
      },
      measured:
        '100 kills, 57 of them while candles flowed, the others during the start; 160 candles closed, none lost, no duplicate (FAULT_SEED=119530673)',
    },
  },
  {
    row: 'A10',
    fault: 'SIGTERM while Kafka is down',
    expected:
      'intake stops, what can be is flushed within the stop time-out, the process ends; the next start fills',
    proof: {
      kind: 'test',
      file: AWAY,
      name: 'A10 SIGTERM with Kafka gone or frozen ends the exporter within the stop time-out, and the next start fills',
    },
  },
  {
    row: 'A11',
    fault: 'two exporters at once, as in a rolling deployment',
    expected: 'duplicates only',
    proof: {
      kind: 'test',
      file: REPLACED,
      name: 'A11 two exporters at once, as in a rolling deployment, make duplicates only',
    },
  },
  {
    row: 'A12',
    fault: 'Kafka is down for 10 minutes',
    expected: 'bounded memory; intake pauses, nothing is dropped silently; the hole is filled',
    proof: {
      kind: 'test',
      file: AWAY,
      name: 'A12 Kafka down for 10 minutes costs bounded memory: the queue fills, intake pauses and says so, and the hole is filled',
      measured:
        '1,900 symbols, 8 times as fast: 141 MiB before, 154 MiB at most, the hole was filled; on a machine with a load of 17 it was not within the 180 s of the test',
    },
  },
  {
    row: 'A13',
    fault: 'the local clock is 2 min off or stepped; summer time ends',
    expected:
      "the exchange's time is used; negative latencies are kept, not clipped; the clock's offset is a metric",
    proof: {
      kind: 'test',
      file: 'faults/a-exporter/clocks.faults.ts',
      name: 'A13 a local clock two minutes off, a step of it and the end of summer time change no candle, and the offset is known',
      also: [
        {
          file: 'test/lambdas/prometheus-consumer/candle-samples.test.ts',
          name: 'a latency below zero, from a clock that is behind, is kept',
        },
      ],
    },
  },
  {
    row: 'A14',
    fault:
      'the first host refuses the region (451), has no address, or shows a certificate that does not hold',
    expected: 'the next host of the list; a clear message if all of them fail',
    proof: {
      kind: 'test',
      file: 'faults/a-exporter/hosts.faults.ts',
      name: 'A14 a host that refuses the region, has no address or shows a wrong certificate hands over to the next; if all fail each says why',
    },
  },
];
