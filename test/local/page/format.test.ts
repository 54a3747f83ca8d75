import { expect, test } from 'vitest';
import {
  assetsOf,
  formatAge,
  formatAmount,
  formatDuration,
  formatPrice,
  formatRatio,
  formatSigned,
  isDerived,
} from '#local/page/format.ts';

test('a price has the decimals of its pair, those of tiny prices too', () => {
  expect(formatPrice('112749.7', 2)).toBe('112,749.70');
  expect(formatPrice('1.234e-05', 8)).toBe('0.00001234');
});

test('a share of change has its sign, and what rounds to nothing is flat', () => {
  expect(formatRatio(0.0123)).toEqual({ text: '+1.23%', direction: 'up' });
  expect(formatRatio(-0.5)).toEqual({ text: '−50.00%', direction: 'down' });
  expect(formatRatio(-0.000_049)).toEqual({ text: '0.00%', direction: 'flat' });
  expect(formatSigned(-0.5, 2)).toBe('−0.50');
  expect(formatSigned(0, 2)).toBe('0.00');
});

test.each([
  [0, '0 ms'],
  [0.0041, '4.1 ms'],
  [-0.0749, '−75 ms'],
  [0.9996, '1.0 s'],
  [9.96, '10 s'],
  [119.6, '2 min'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
])('%d seconds read as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('an age counts whole seconds and never below 0', () => {
  expect(formatAge(-300)).toBe('0 s');
  expect(formatAge(7999)).toBe('7 s');
  expect(formatAge(61_000)).toBe('61 s');
});

test('amounts keep the digits that matter', () => {
  expect(formatAmount(0.001_234_56)).toBe('0.001235');
  expect(formatAmount(1284.567)).toBe('1,284.57');
  expect(formatAmount(88_610_000)).toBe('88.61M');
});

test('a pair is split by its quote asset where that is known, and derived pairs are known by their name', () => {
  expect(assetsOf('BTCUSDT')).toEqual({ base: 'BTC', quote: 'USDT' });
  expect(assetsOf('XYZ')).toBeUndefined();
  expect([isDerived('DRV0001USDT'), isDerived('DRVUSDT')]).toEqual([true, false]);
});
