import { expect, test } from 'vitest';
import { parseEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { isSymbolSpec, symbolCount } from '#lib/stage/symbols.ts';

// The stage's setting and the exporter's variable are one text, read on both sides.

test.each([
  ['top:20', 20],
  ['top:50:BTC', 50],
  ['all:USDT', 450],
  ['BTCUSDT,ETHUSDT', 2],
  [' btcusdt , BTCUSDT, ', 1],
  ['币安人生USDT', 1],
])('a stage takes the symbols "%s", as the exporter does', (symbols, count) => {
  expect(exporterReads(symbols)).toBe(true);
  expect(isSymbolSpec(symbols)).toBe(true);
  expect(symbolCount(symbols)).toBe(count);
});

test.each([
  'top:0',
  'top:',
  'top:100000',
  'top:20:usdt',
  'top:20:USDT:x',
  'all:',
  'all:USDT:x',
  ',',
  'BTC/USDT',
  'BTC USDT',
])('a stage refuses the symbols "%s", as the exporter does', (symbols) => {
  expect(exporterReads(symbols)).toBe(false);
  expect(isSymbolSpec(symbols)).toBe(false);
});

function exporterReads(symbols: string): boolean {
  try {
    parseEnvironment({ SYMBOLS: symbols, KAFKA_BROKERS: 'localhost:9092' });
    return true;
  } catch {
    return false;
  }
}
