import { expect, test } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import type { Series } from '#local/page/answers.ts';
import { CandleBook, closeMsOf, everyStep } from '#local/page/candle-book.ts';

const START = Date.parse('2026-11-22T12:00:00.000Z');

/** Series as Prometheus answers: a value per minute and metric, stamped with the close time. */
function series(
  minutes: Readonly<Record<number, string>>,
  metrics = Object.values(CANDLE_METRICS),
): Series[] {
  return metrics.map((name) => ({
    labels: { __name__: name, symbol: 'BTCUSDT' },
    samples: Object.entries(minutes).map(([minute, value]) => [
      START + Number(minute) * MINUTE_MS + MINUTE_MS - 1,
      value,
    ]),
  }));
}

const close = (book: CandleBook) => book.bars().map((bar) => [(bar.openMs - START) / MINUTE_MS, bar.close]);

test('a sample at the last millisecond of a minute is the bar that opened with the minute', () => {
  const book = new CandleBook();
  book.merge(series({ 3: '7.5' }));
  const [bar] = book.bars();
  expect(bar).toMatchObject({ openMs: START + 3 * MINUTE_MS, close: '7.5', trades: '7.5' });
  expect(bar && closeMsOf(bar)).toBe(START + 4 * MINUTE_MS - 1);
});

test('a minute that the store does not have stays a place without a bar', () => {
  const book = new CandleBook();
  book.merge(series({ 0: '1', 1: '2', 4: '3' }));
  const places = everyStep(book.bars(), MINUTE_MS).map(({ bar }) => bar?.close);
  expect(places).toEqual(['1', '2', undefined, undefined, '3']);
});

test('overlapping answers change only what is new, and say from where', () => {
  const book = new CandleBook();
  expect(book.merge(series({ 0: '1', 1: '2' }))).toEqual({ kind: 'changed', fromMs: START });
  expect(book.merge(series({ 0: '1', 1: '2' }))).toEqual({ kind: 'same' });
  expect(book.merge(series({ 1: '2', 2: '3' }))).toEqual({ kind: 'changed', fromMs: START + 2 * MINUTE_MS });
  expect(book.merge(series({ 1: '9', 2: '3' }))).toEqual({ kind: 'changed', fromMs: START + MINUTE_MS });
  expect(close(book)).toEqual([
    [0, '1'],
    [1, '9'],
    [2, '3'],
  ]);
});

test('a hole that is filled later takes its place in time', () => {
  const book = new CandleBook();
  book.merge(series({ 0: '1', 2: '3' }));
  expect(book.merge(series({ 1: '2' }))).toEqual({ kind: 'changed', fromMs: START + MINUTE_MS });
  expect(close(book)).toEqual([
    [0, '1'],
    [1, '2'],
    [2, '3'],
  ]);
});

test('a minute of which one metric is not there yet is no bar until it is', () => {
  const book = new CandleBook();
  const [last = CANDLE_METRICS.trades, ...others] = Object.values(CANDLE_METRICS).toReversed();
  expect(book.merge(series({ 0: '1' }, others))).toEqual({ kind: 'same' });
  expect(book.merge(series({ 0: '1' }, [...others, last]))).toMatchObject({ kind: 'changed' });
});

test('a stale marker and a sample within a minute are no bars', () => {
  const book = new CandleBook();
  expect(book.merge(series({ 0: 'NaN' }))).toEqual({ kind: 'same' });
  expect(book.merge(series({ 0.5: '1' }))).toEqual({ kind: 'same' });
  expect(everyStep(book.bars(), MINUTE_MS)).toEqual([]);
});
