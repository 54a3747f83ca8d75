import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeCandle, encodeCandle } from '#domain/candle.ts';
import { readStreamFrame } from '#domain/kline-event.ts';
import { fromKlineRow } from '#domain/kline-row.ts';
import { CANDLE } from '#test/candles.ts';

const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const found = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures/fuzz', name));

test('an event whose name is an object without text is rejected as unknown', () => {
  const frame = readStreamFrame(found('event-name-without-text.json'), 0);
  expect(frame).toMatchObject({
    kind: 'rejected',
    reason: 'unknown-event',
    detail: 'expected a kline event, got an event whose name is no text',
  });
});

test('an event whose name is nested deeper than text can be made of is rejected as unknown', () => {
  const frame = readStreamFrame(Buffer.from(`{"e":${DEEP}}`), 0);
  expect(frame).toMatchObject({ kind: 'rejected', reason: 'unknown-event' });
});

test('a REST row nested deeper than JSON can be written is rejected', () => {
  const row = fromKlineRow(JSON.parse(DEEP), 'BTCUSDT', 0);
  expect(row).toMatchObject({ kind: 'rejected', reason: 'not-a-candle' });
});

test('what is said of a frame stays short enough for a header, however much is wrong with it', () => {
  const frame = readStreamFrame(Buffer.from(`{"e":"kline","k":${'{"t":'.repeat(50)}1${'}'.repeat(51)}`), 0);
  expect(frame).toMatchObject({ kind: 'rejected', reason: 'not-a-candle' });
  expect(frame.kind === 'rejected' ? frame.detail.length : 0).toBeLessThanOrEqual(500);
  const refusal = readStreamFrame(
    Buffer.from(JSON.stringify({ error: { code: 2, msg: 'x'.repeat(1_000_000) }, id: 1 })),
    0,
  );
  expect(refusal.kind === 'reply' ? refusal.error?.length : 0).toBeLessThanOrEqual(210);
});

test.each([
  ['half of a surrogate pair', 'BTC\ud800'],
  ['a zero byte', 'BTC\u0000USDT'],
  ['a line break', 'BTCUSDT\n'],
  ['a quote', "BTC'USDT"],
  ['a slash', '../BTCUSDT'],
  ['nothing', ''],
])('a symbol with %s names no series and no row: the candle is rejected', (_, symbol) => {
  const raw = Buffer.from(encodeCandle({ ...CANDLE, symbol }));
  expect(decodeCandle(raw)).toMatchObject({ kind: 'rejected', reason: 'not-a-candle' });
});

test.each(['币安人生USDT', 'BTC_USDT', 'BTC-USDT', '1000SATSUSDT'])('the symbol %s is one', (symbol) => {
  expect(decodeCandle(Buffer.from(encodeCandle({ ...CANDLE, symbol })))).toMatchObject({ kind: 'candle' });
});
