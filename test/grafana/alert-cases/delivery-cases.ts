import type { GroupCases } from './alert-case.ts';

/** Two symbols, so two candles a minute. */
const TWO_SYMBOLS = {
  'crypto_exporter_last_candle_age_seconds{symbol="BTCUSDT",task="a"}': '30x90',
  'crypto_exporter_last_candle_age_seconds{symbol="ETHUSDT",task="a"}': '30x90',
};
const lag = (group: string, task = 'a') =>
  `crypto_kafka_consumer_lag_records{group="${group}",task="${task}"}`;
const SINK = 'connect-crypto-candles-1';
const deadLetters = (topic: string, task = 'a') =>
  `crypto_kafka_dead_letters_total{task="${task}",topic="${topic}"}`;
const refused = (reason: string) => `crypto_consumer_samples_refused_total{reason="${reason}"}`;
const poison = (reason: string) => `crypto_consumer_records_rejected_total{reason="${reason}"}`;

export const DELIVERY_CASES: GroupCases = {
  ConsumerLagGrowing: {
    fires: {
      series: { ...TWO_SYMBOLS, [lag('prometheus-consumer')]: '0x3 0+2x40' },
      quietAtMinute: 13,
      atMinute: 15,
      firing: [
        {
          labels: { group: 'prometheus-consumer' },
          summary: '22 candles wait for prometheus-consumer, and they become more',
        },
      ],
    },
    quiet: { series: { ...TWO_SYMBOLS, [lag('prometheus-consumer')]: '0x3 0+2x4 8x40' }, atMinute: 15 },
    nasty: {
      'an hour waits and is being caught up with': {
        series: { ...TWO_SYMBOLS, [lag('prometheus-consumer')]: '0x3 120-4x29 0x40' },
        atMinute: 15,
      },
      'somebody reads the topic by hand and leaves': {
        series: { ...TWO_SYMBOLS, [lag('console-consumer-7')]: '0+2x60' },
        atMinute: 40,
      },
      'Kafka does not answer, so nobody knows it': {
        series: { ...TWO_SYMBOLS, [lag('prometheus-consumer')]: '0x3 0+2x6 stale' },
        atMinute: 20,
      },
      'the exporter is replaced meanwhile': {
        series: {
          ...TWO_SYMBOLS,
          [lag('prometheus-consumer')]: '0x3 0+2x12',
          [lag('prometheus-consumer', 'b')]: '_x10 14+2x40',
        },
        atMinute: 25,
        firing: [
          {
            labels: { group: 'prometheus-consumer' },
            summary: '44 candles wait for prometheus-consumer, and they become more',
          },
        ],
      },
    },
  },
  ConnectLagging: {
    fires: {
      series: { ...TWO_SYMBOLS, [lag(SINK)]: '0x3 61x40' },
      quietAtMinute: 18,
      atMinute: 20,
      firing: [{ labels: { group: SINK }, summary: `61 candles wait for the warehouse in ${SINK}` }],
    },
    quiet: { series: { ...TWO_SYMBOLS, [lag(SINK)]: '0x3 60x40' }, atMinute: 20 },
    nasty: {
      'it starts with an hour of history before it': {
        series: { ...TWO_SYMBOLS, [lag(SINK)]: '_x3 120x5 4x40' },
        atMinute: 20,
      },
    },
  },
  DeadLetters: {
    fires: {
      series: { [deadLetters('candles-1m-sink-dead-letter')]: '0x5 3x40' },
      atMinute: 12,
      firing: [
        {
          labels: { topic: 'candles-1m-sink-dead-letter' },
          summary: '3 records came to candles-1m-sink-dead-letter within 15 minutes',
        },
      ],
    },
    quiet: { series: { [deadLetters('candles-1m-dead-letter')]: '0x5 3x40' }, atMinute: 30 },
    nasty: {
      'a new exporter counts what has always been there': {
        series: {
          [deadLetters('candles-1m-dead-letter')]: '12x20',
          [deadLetters('candles-1m-dead-letter', 'b')]: '_x15 12x40',
        },
        atMinute: 25,
      },
      'two exporters see the same ones': {
        series: {
          [deadLetters('candles-1m-dead-letter')]: '0x18 4x20',
          [deadLetters('candles-1m-dead-letter', 'b')]: '0x18 4x20',
        },
        atMinute: 25,
        firing: [
          {
            labels: { topic: 'candles-1m-dead-letter' },
            summary: '4 records came to candles-1m-dead-letter within 15 minutes',
          },
        ],
      },
      'Kafka is away for a while': {
        series: { [deadLetters('candles-1m-dead-letter')]: '12x5 _x4 12x40' },
        atMinute: 14,
      },
    },
  },
  SamplesRefused: {
    fires: {
      series: { [refused('too-old')]: '0x5 8x40' },
      atMinute: 18,
      firing: [
        {
          labels: { reason: 'too-old' },
          summary: 'the metrics store refused 8 samples within 15 minutes: too-old',
        },
      ],
    },
    quiet: { series: { [refused('too-old')]: '0x5 8x40' }, atMinute: 30 },
    nasty: { 'the consumer restarts': { series: { [refused('too-old')]: '8x20 0x20' }, atMinute: 25 } },
  },
  ValuesConflict: {
    fires: {
      series: { [refused('conflict')]: '0x5 9x40' },
      atMinute: 18,
      firing: [{ summary: '9 samples or candles came with other values than the first for their time' }],
    },
    quiet: { series: { [refused('conflict')]: '0x40', [refused('too-old')]: '0x5 8x40' }, atMinute: 18 },
    nasty: {
      'the consumer restarts': { series: { [refused('conflict')]: '9x20 0x20' }, atMinute: 25 },
      'the store took it, as the minute is not its newest': {
        series: { [refused('conflict')]: '0x40', 'crypto_exporter_corrections_total{task="a"}': '0x5 1x40' },
        atMinute: 18,
        firing: [{ summary: '1 samples or candles came with other values than the first for their time' }],
      },
      'the exporter is replaced': {
        series: { 'crypto_exporter_corrections_total{task="a"}': '3x20 0x20' },
        atMinute: 25,
      },
    },
  },
  RecordsRejected: {
    fires: {
      series: { [poison('not-a-candle')]: '0x5 2x40' },
      atMinute: 18,
      firing: [
        {
          labels: { reason: 'not-a-candle' },
          summary: '2 records of the topic are no candles: not-a-candle',
        },
      ],
    },
    quiet: { series: { [poison('not-a-candle')]: '0x5 2x40' }, atMinute: 30 },
    nasty: {
      'the consumer restarts': { series: { [poison('not-a-candle')]: '2x20 0x20' }, atMinute: 25 },
    },
  },
};
