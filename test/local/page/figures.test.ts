import { expect, test } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Bar } from '#local/page/candle-book.ts';
import { changeOverHour, decimalsOf, priceDecimals, totalsOfHour } from '#local/page/figures.ts';

const START = Date.parse('2026-11-22T12:00:00.000Z');

function bar(minute: number, change: Partial<Bar> = {}): Bar {
  const price = { open: '100', high: '100', low: '100', close: '100' };
  const volumes = {
    baseVolume: '1',
    quoteVolume: '100',
    takerBuyBaseVolume: '0.25',
    takerBuyQuoteVolume: '25',
  };
  return { openMs: START + minute * MINUTE_MS, ...price, ...volumes, trades: '10', ...change };
}

const minutes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => bar(from + i));

test('the change of an hour is from the close exactly 60 minutes before the last close', () => {
  const bars = [
    bar(-1, { close: '1' }),
    bar(0, { close: '200' }),
    ...minutes(1, 59),
    bar(60, { close: '250' }),
  ];
  expect(changeOverHour(bars)).toEqual({ spanMinutes: 60, absolute: 50, ratio: 0.25 });
});

test('without that close it is from the open at the same instant', () => {
  const bars = [
    bar(-1, { close: '1' }),
    bar(1, { open: '200' }),
    ...minutes(2, 59),
    bar(60, { close: '250' }),
  ];
  expect(changeOverHour(bars)).toEqual({ spanMinutes: 60, absolute: 50, ratio: 0.25 });
});

test('with less than an hour of history it says how many minutes it spans', () => {
  expect(changeOverHour([bar(6, { open: '200' }), ...minutes(7, 59), bar(60, { close: '250' })])).toEqual({
    spanMinutes: 55,
    absolute: 50,
    ratio: 0.25,
  });
  expect(changeOverHour([bar(0, { open: '200', close: '201' })])).toMatchObject({
    spanMinutes: 1,
    absolute: 1,
  });
});

test('a change has no float noise, none from a price of 0, and is unknown without candles', () => {
  const change = changeOverHour([bar(0, { open: '0.1', close: '0.3' })]);
  expect(change?.absolute).toBe(0.2);
  expect(changeOverHour([bar(0, { open: '0' })])?.ratio).toBeUndefined();
  expect(changeOverHour([])).toBeUndefined();
});

test('the totals are those of the 60 minutes that end with the last candle, and no other', () => {
  const bars = [
    bar(0, { high: '999', baseVolume: '777' }),
    ...minutes(1, 59),
    bar(60, { low: '90', trades: '13' }),
  ];
  expect(totalsOfHour(bars)).toEqual({
    candles: 60,
    minutes: 60,
    high: 100,
    low: 90,
    baseVolume: 60,
    quoteVolume: 6000,
    trades: 603,
    takerBuyShare: 0.25,
  });
});

test('missing minutes show in the totals, and no volume has no taker share', () => {
  expect(totalsOfHour([bar(0), bar(1), bar(5)])).toMatchObject({ candles: 3, minutes: 6 });
  expect(totalsOfHour([bar(0, { baseVolume: '0', takerBuyBaseVolume: '0' })])?.takerBuyShare).toBeUndefined();
  expect(totalsOfHour([])).toBeUndefined();
});

test.each([
  ['64123.45', 2],
  ['5', 0],
  ['1e-05', 5],
  ['1.234e-05', 8],
  ['1.5E+06', 0],
  ['0.00001234', 8],
])('%s has %i decimals', (text, decimals) => {
  expect(decimalsOf(text)).toBe(decimals);
});

test('a pair has the decimals of its finest price, since the store drops trailing zeros', () => {
  expect(priceDecimals([bar(0), bar(1, { low: '99.5' }), bar(2, { high: '101.25' })])).toBe(2);
});
