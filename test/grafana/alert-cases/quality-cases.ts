import type { GroupCases } from './alert-case.ts';

const offsets = (partition: number) =>
  `crypto_quality_missing_offsets{partition="${partition}",topic="candles-1m"}`;
const minutes = (cls: string, symbol: string, window = 'yesterday') =>
  `crypto_quality_missing_minutes{class="${cls}",exchange="binance",symbol="${symbol}",window="${window}"}`;
const EXPORT = 'crypto_quality_export_timestamp_seconds';

/** The world of promtool begins at 0, so a time is seconds from there. */
export const QUALITY_CASES: GroupCases = {
  QualityUnknown: {
    fires: {
      series: { [EXPORT]: '0 _x9 600 _x200' },
      quietAtMinute: 64,
      atMinute: 66,
      firing: [{ summary: 'the warehouse told nothing about the data for 56m 0s' }],
    },
    quiet: { series: { [EXPORT]: '0 _x29 1800 _x29 3600 _x200' }, atMinute: 104 },
    nasty: {
      'the first export is still to come': { series: {}, atMinute: 75 },
      'it comes again after a night': { series: { [EXPORT]: '0 _x600 36060 _x9 36660 _x9' }, atMinute: 620 },
    },
  },
  OffsetsMissing: {
    fires: {
      series: { [offsets(3)]: '2 _x9 2 _x9 2 _x9 2 _x9 2 _x9 2' },
      quietAtMinute: 20,
      atMinute: 50,
      firing: [
        {
          labels: { partition: '3', topic: 'candles-1m' },
          summary: '2 records of partition 3 of candles-1m did not land',
        },
      ],
    },
    quiet: { series: { [offsets(3)]: '0 _x9 0 _x9 0 _x9 0 _x9 0 _x9 0' }, atMinute: 50 },
    nasty: {
      'what is under way is not lost': { series: { [offsets(3)]: '2 _x9 0x50' }, atMinute: 50 },
    },
  },
  MinutesMissing: {
    fires: {
      series: { [minutes('ours', 'BTCUSDT')]: '4x240' },
      quietAtMinute: 170,
      atMinute: 200,
      firing: [
        {
          labels: { symbol: 'BTCUSDT' },
          summary: '4 minutes of BTCUSDT of yesterday are missing, and the exchange has them',
        },
      ],
    },
    quiet: { series: { [minutes('ours', 'BTCUSDT')]: '4x60 0x180' }, atMinute: 200 },
    nasty: {
      'the exchange has none either, or no more': {
        series: { [minutes('exchange', 'BTCUSDT')]: '4x240', [minutes('delisted', 'ABCUSDT')]: '600x240' },
        atMinute: 200,
      },
      'of today, which is not over': {
        series: { [minutes('ours', 'BTCUSDT', 'today')]: '4x240' },
        atMinute: 200,
      },
    },
  },
};
