import type { GroupCases } from './alert-case.ts';

const close = (symbol: string) =>
  `crypto_candle_close_price{exchange="binance",interval="1m",symbol="${symbol}"}`;
const age = (symbol: string, task = 'a') =>
  `crypto_exporter_last_candle_age_seconds{symbol="${symbol}",task="${task}"}`;
const latency = (symbol: string) =>
  `crypto_candle_latency_seconds{exchange="binance",interval="1m",stage="total",symbol="${symbol}"}`;
const stopped = [{ summary: 'no candle of any symbol arrived within 5 minutes' }];
const highLatency = [
  {
    labels: { stage: 'total' },
    summary: 'from close to metrics the slowest twentieth of symbols takes 20s',
  },
];

export const LIVE_CASES: GroupCases = {
  CandlesStopped: {
    fires: { series: { [close('BTCUSDT')]: '1x3 _x20' }, quietAtMinute: 10, atMinute: 14, firing: stopped },
    quiet: { series: { [close('BTCUSDT')]: '1x3 _x3 1x20' }, atMinute: 14 },
    nasty: {
      'one symbol of many goes on': {
        series: { [close('BTCUSDT')]: '1x3 _x20', [close('ETHUSDT')]: '1x30' },
        atMinute: 14,
      },
      // samples that come late can't be had here: what is recorded of them says it
      'a replay of the past catches up': {
        series: { 'pipeline:crypto_candle_close_timestamp:max': '0+60x40' },
        atMinute: 20,
      },
      'no candle ever came': { series: {}, atMinute: 4, firing: stopped },
      'it came back after an hour': { series: { [close('BTCUSDT')]: '1x3 _x57 1x20' }, atMinute: 66 },
    },
  },
  SymbolStale: {
    fires: {
      series: { [age('BTCUSDT')]: '30x3 60+60x20', [age('ETHUSDT')]: '30x30' },
      quietAtMinute: 12,
      atMinute: 14,
      firing: [{ labels: { symbol: 'BTCUSDT' }, summary: 'the last candle of BTCUSDT closed 11m 0s ago' }],
    },
    quiet: { series: { [age('BTCUSDT')]: '30x3 299x30' }, atMinute: 20 },
    nasty: {
      'two exporters, of which the new one has it': {
        series: { [age('BTCUSDT')]: '400+60x20', [age('BTCUSDT', 'b')]: '30x20' },
        atMinute: 14,
      },
      'delisted: the symbol leaves the exporter': {
        series: { [age('BTCUSDT')]: '30x3 60+60x20 stale', [age('ETHUSDT')]: '30x40' },
        atMinute: 26,
      },
      'newly listed, so without a candle yet': { series: { [age('ETHUSDT')]: '30x40' }, atMinute: 20 },
      'a symbol without trades has its candles all the same': {
        series: {
          [age('BTCUSDT')]: '30x40',
          'crypto_candle_trades{exchange="binance",interval="1m",symbol="BTCUSDT"}': '0x40',
        },
        atMinute: 20,
      },
    },
  },
  SymbolNotStored: {
    fires: {
      series: {
        [age('BTCUSDT')]: '299x40',
        [age('ETHUSDT')]: '30x40',
        [close('BTCUSDT')]: '1x3 _x40',
        [close('ETHUSDT')]: '1x40',
      },
      quietAtMinute: 17,
      atMinute: 20,
      firing: [
        {
          labels: { symbol: 'BTCUSDT' },
          summary: 'the store has had no candle of BTCUSDT for 10 minutes, and the exporter has its newest',
        },
      ],
    },
    quiet: { series: { [age('BTCUSDT')]: '30x40', [close('BTCUSDT')]: '1x3 _x9 1x40' }, atMinute: 20 },
    nasty: {
      'the exporter has none either, which is another alert': {
        series: { [age('BTCUSDT')]: '300x40', [close('ETHUSDT')]: '1x40' },
        atMinute: 25,
      },
      'two exporters, of which the new one has it': {
        series: { [age('BTCUSDT')]: '900x40', [age('BTCUSDT', 'b')]: '30x40', [close('ETHUSDT')]: '1x40' },
        atMinute: 25,
        firing: [
          {
            labels: { symbol: 'BTCUSDT' },
            summary: 'the store has had no candle of BTCUSDT for 10 minutes, and the exporter has its newest',
          },
        ],
      },
      'newly listed: its first candle is on its way': {
        series: {
          [age('BTCUSDT')]: '_x10 30x40',
          [close('BTCUSDT')]: '_x12 1x40',
          [close('ETHUSDT')]: '1x40',
        },
        atMinute: 25,
      },
      'delisted: the symbol leaves the exporter': {
        series: { [age('BTCUSDT')]: '30x5 stale', [close('BTCUSDT')]: '1x5 _x40' },
        atMinute: 25,
      },
    },
  },
  LiveLatencyHigh: {
    fires: {
      series: { [latency('BTCUSDT')]: '2x3 20x30', [latency('ETHUSDT')]: '2x3 20x30' },
      quietAtMinute: 13,
      atMinute: 15,
      firing: highLatency,
    },
    quiet: { series: { [latency('BTCUSDT')]: '14x40' }, atMinute: 20 },
    nasty: {
      'minutes are missing while it is slow': {
        series: { [latency('BTCUSDT')]: '2x3 20x3 _x2 20x20' },
        atMinute: 15,
        firing: highLatency,
      },
      'one slow symbol of many': {
        series: Object.fromEntries(
          Array.from({ length: 40 }, (_, index) => [
            latency(`S${index}USDT`),
            index === 0 ? '60x30' : '2x30',
          ]),
        ),
        atMinute: 15,
      },
    },
  },
};
