import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentCandles } from '#fargate/ohlc-exporter/recent-candles.ts';
import { CANDLE } from '#test/candles.ts';

const candleOf = (trades: number) => ({ ...CANDLE, trades });

test('holds the four newest minutes, in whatever order they come', () => {
  const minutes = fc.uniqueArray(fc.nat(20), { minLength: 5, maxLength: 12 });
  fc.assert(
    fc.property(minutes, (openTimes) => {
      const recent = new RecentCandles();
      for (const openMs of openTimes) recent.set(openMs, candleOf(openMs));
      const newest = openTimes.toSorted((a, b) => b - a).slice(0, 4);
      for (const openMs of openTimes) {
        const known = newest.includes(openMs);
        expect(recent.hadValuesOf(openMs, candleOf(openMs))).toBe(known ? true : undefined);
        expect(recent.hadValuesOf(openMs, candleOf(openMs + 1))).toBe(known ? false : undefined);
      }
    }),
  );
});

test('the same minute again takes the place of the one before, and one that is given back is gone', () => {
  const recent = new RecentCandles();
  const known = (times: readonly number[], trades: number) =>
    times.map((openMs) => recent.hadValuesOf(openMs, candleOf(trades)));
  for (const openMs of [1, 2, 3, 4]) recent.set(openMs, candleOf(1));
  recent.set(2, candleOf(7));
  expect(known([1, 2, 3, 4], 1)).toEqual([true, false, true, true]);
  expect(known([2], 7)).toEqual([true]);
  recent.delete(3);
  recent.delete(9);
  recent.set(5, candleOf(1));
  expect(known([1, 2, 3, 4, 5], 1)).toEqual([true, false, undefined, true, true]);
});

test.each([
  'open',
  'high',
  'low',
  'close',
  'baseVolume',
  'quoteVolume',
  'takerBuyBaseVolume',
  'takerBuyQuoteVolume',
] as const)('another %s is another candle, the same number written otherwise is not', (field) => {
  const recent = new RecentCandles();
  recent.set(0, CANDLE);
  expect(recent.hadValuesOf(0, { ...CANDLE, [field]: `${CANDLE[field]}000` })).toBe(true);
  expect(recent.hadValuesOf(0, { ...CANDLE, [field]: `1${CANDLE[field]}` })).toBe(false);
});

const long = (last: string) => `${'9'.repeat(20)}.${'9'.repeat(17)}${last}`;

const longCandle = (last: string) => ({
  ...CANDLE,
  open: long('9'),
  high: long('9'),
  low: long('9'),
  close: long('9'),
  baseVolume: long('9'),
  quoteVolume: long('9'),
  takerBuyBaseVolume: long('9'),
  takerBuyQuoteVolume: long(last),
  trades: Number.MAX_SAFE_INTEGER,
});

test('the longest numbers that a candle can have are told apart by their last digit', () => {
  const recent = new RecentCandles();
  for (const openMs of [0, 1, 2, 3]) recent.set(openMs, longCandle('9'));
  for (const openMs of [0, 1, 2, 3]) {
    expect(recent.hadValuesOf(openMs, longCandle('9'))).toBe(true);
    expect(recent.hadValuesOf(openMs, longCandle('8'))).toBe(false);
    expect(recent.hadValuesOf(openMs, { ...longCandle('9'), trades: Number.MAX_SAFE_INTEGER - 1 })).toBe(
      false,
    );
  }
});
