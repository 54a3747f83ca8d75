import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentCandles } from '#fargate/ohlc-exporter/recent-candles.ts';
import { CANDLE } from '#test/candles.ts';

const candleOf = (openMs: number, trades = 1) => ({ ...CANDLE, trades, closeTime: String(openMs) });

test('holds the four newest minutes, in whatever order they come', () => {
  const minutes = fc.uniqueArray(fc.nat(20), { minLength: 5, maxLength: 12 });
  fc.assert(
    fc.property(minutes, (openTimes) => {
      const recent = new RecentCandles();
      for (const openMs of openTimes) recent.set(openMs, candleOf(openMs));
      const newest = openTimes.toSorted((a, b) => b - a).slice(0, 4);
      for (const openMs of openTimes) {
        expect(recent.get(openMs)).toEqual(newest.includes(openMs) ? candleOf(openMs) : undefined);
      }
    }),
  );
});

test('the same minute again takes the place of the one before, and one that is given back is gone', () => {
  const recent = new RecentCandles();
  for (const openMs of [1, 2, 3, 4]) recent.set(openMs, candleOf(openMs));
  recent.set(2, candleOf(2, 7));
  expect([1, 2, 3, 4].map((openMs) => recent.get(openMs)?.trades)).toEqual([1, 7, 1, 1]);
  recent.delete(3);
  recent.delete(9);
  recent.set(5, candleOf(5));
  expect([1, 2, 3, 4, 5].map((openMs) => recent.get(openMs)?.trades)).toEqual([1, 7, undefined, 1, 1]);
});
