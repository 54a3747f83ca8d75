/** Series in promtool's own notation, a value a minute, and what an alert makes of them. */
export interface RuleCase {
  readonly alert: string;
  readonly series: Readonly<Record<string, string>>;
  readonly atMinute: number;
  /** What is said; undefined where it has to keep quiet. */
  readonly firing?: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly summary: string;
  }[];
}

const CLOSE = 'crypto_candle_close_price{exchange="binance",interval="1m",symbol="BTCUSDT"}';
const UP = 'up{job="ohlc-exporter",task="a"}';
const AGE = (symbol: string, task: string) =>
  `crypto_exporter_last_candle_age_seconds{symbol="${symbol}",task="${task}"}`;
const LATENCY = (symbol: string) =>
  `crypto_candle_latency_seconds{exchange="binance",interval="1m",stage="total",symbol="${symbol}"}`;

/** Each alert once where it goes off and once, near to that, where it must not. */
export const RULE_CASES: readonly RuleCase[] = [
  {
    alert: 'CandlesStopped',
    series: { [CLOSE]: '1x3 _x20' },
    atMinute: 12,
    firing: [{ summary: 'no candle of any symbol arrived within 5 minutes' }],
  },
  // a gap that a restart of a broker makes
  { alert: 'CandlesStopped', series: { [CLOSE]: '1x3 _x3 1x20' }, atMinute: 8 },
  {
    alert: 'ExporterDown',
    series: { [UP]: '1x3 0x20' },
    atMinute: 12,
    firing: [{ summary: 'no exporter answers' }],
  },
  // the old task of a deployment ends, the new one answers
  {
    alert: 'ExporterDown',
    series: { [UP]: '1x3 0x20', 'up{job="ohlc-exporter",task="b"}': '_x2 1x30' },
    atMinute: 12,
  },
  {
    alert: 'ExporterDisconnected',
    series: { 'crypto_exporter_connections{task="a"}': '2x3 0x20' },
    atMinute: 10,
    firing: [{ summary: 'the exporter has no connection to the exchange' }],
  },
  {
    alert: 'ExporterDisconnected',
    series: {
      'crypto_exporter_connections{task="a"}': '2x3 0x20',
      'crypto_exporter_connections{task="b"}': '1x30',
    },
    atMinute: 10,
  },
  {
    alert: 'SymbolsStale',
    series: { [AGE('BTCUSDT', 'a')]: '400+60x20', [AGE('ETHUSDT', 'a')]: '30x20' },
    atMinute: 8,
    firing: [
      { summary: '1 symbols without a candle for 5 minutes, though the exchange closes one each minute' },
    ],
  },
  {
    alert: 'SymbolsStale',
    series: { [AGE('BTCUSDT', 'a')]: '400+60x20', [AGE('BTCUSDT', 'b')]: '30x20' },
    atMinute: 8,
  },
  {
    alert: 'LiveLatencyHigh',
    series: { [LATENCY('BTCUSDT')]: '20x30', [LATENCY('ETHUSDT')]: '20x30' },
    atMinute: 15,
    firing: [
      {
        labels: { stage: 'total' },
        summary: 'from close to metrics the slowest twentieth of symbols takes 20s',
      },
    ],
  },
  { alert: 'LiveLatencyHigh', series: { [LATENCY('BTCUSDT')]: '2x8 40x4 2x30' }, atMinute: 15 },
  {
    alert: 'PublishFailing',
    series: { 'crypto_exporter_publish_failures_total{task="a"}': '0+1x40' },
    atMinute: 20,
    firing: [{ summary: 'Kafka did not acknowledge 10 batches within 10 minutes' }],
  },
  // a new task counts from 0 again
  {
    alert: 'PublishFailing',
    series: { 'crypto_exporter_publish_failures_total{task="a"}': '90x10 0x30' },
    atMinute: 15,
  },
  {
    alert: 'DeadLettersLost',
    series: { 'crypto_exporter_dead_letters_lost_total{task="a"}': '0x30 1x40' },
    atMinute: 60,
    firing: [
      {
        summary: '1 unreadable frames are lost, since not even the dead-letter queue had room',
      },
    ],
  },
  {
    alert: 'DeadLettersLost',
    series: { 'crypto_exporter_dead_letters_lost_total{task="a"}': '3x70' },
    atMinute: 60,
  },
  {
    alert: 'FramesUnreadable',
    series: { 'crypto_exporter_rejected_total{reason="bad-json",task="a"}': '0+1x40' },
    atMinute: 20,
    firing: [{ labels: { reason: 'bad-json' }, summary: '15 frames or rows could not be read: bad-json' }],
  },
  {
    alert: 'FramesUnreadable',
    series: { 'crypto_exporter_rejected_total{reason="bad-json",task="a"}': '7x40' },
    atMinute: 20,
  },
  {
    alert: 'MinutesLeftToArchive',
    series: { 'crypto_exporter_missing_minutes_left_total{task="a"}': '0+1x90' },
    atMinute: 60,
    firing: [{ summary: '60 missing minutes were given up by the exporter' }],
  },
  {
    alert: 'MinutesLeftToArchive',
    series: { 'crypto_exporter_missing_minutes_left_total{task="a"}': '5x90' },
    atMinute: 60,
  },
  {
    alert: 'ClockOff',
    series: { 'crypto_exporter_clock_offset_seconds{task="a"}': '-3x30' },
    atMinute: 15,
    firing: [{ summary: "the exporter's clock is 3s off the exchange's" }],
  },
  {
    alert: 'ClockOff',
    series: { 'crypto_exporter_clock_offset_seconds{task="a"}': '-0.2x30' },
    atMinute: 15,
  },
  {
    alert: 'QualityUnknown',
    // the time of promtool's world begins at 0
    series: { crypto_quality_export_timestamp_seconds: '0 _x9 600 _x200' },
    atMinute: 75,
    firing: [{ summary: 'the warehouse told nothing about the data for 45 minutes' }],
  },
  {
    alert: 'QualityUnknown',
    series: { crypto_quality_export_timestamp_seconds: '0 _x29 1800 _x29 3600 _x200' },
    atMinute: 75,
  },
  {
    alert: 'OffsetsMissing',
    series: {
      'crypto_quality_missing_offsets{partition="3",topic="candles-1m"}': '2 _x9 2 _x9 2 _x9 2 _x9 2 _x9 2',
    },
    atMinute: 50,
    firing: [
      {
        labels: { partition: '3', topic: 'candles-1m' },
        summary: '2 records of partition 3 of candles-1m did not land',
      },
    ],
  },
  // what is under way is not lost
  {
    alert: 'OffsetsMissing',
    series: { 'crypto_quality_missing_offsets{partition="3",topic="candles-1m"}': '2 _x9 0x50' },
    atMinute: 50,
  },
  {
    alert: 'MinutesMissing',
    series: {
      'crypto_quality_missing_minutes{class="ours",exchange="binance",symbol="BTCUSDT",window="yesterday"}':
        '4x240',
    },
    atMinute: 200,
    firing: [
      {
        labels: { symbol: 'BTCUSDT' },
        summary: '4 minutes of BTCUSDT of yesterday are missing, and the exchange has them',
      },
    ],
  },
  {
    alert: 'MinutesMissing',
    series: {
      'crypto_quality_missing_minutes{class="exchange",exchange="binance",symbol="BTCUSDT",window="yesterday"}':
        '4x240',
      'crypto_quality_missing_minutes{class="ours",exchange="binance",symbol="BTCUSDT",window="yesterday"}':
        '4x60 0x180',
    },
    atMinute: 200,
  },
];
