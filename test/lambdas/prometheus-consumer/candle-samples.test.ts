import { expect, test } from 'vitest';
import { toInstant } from '#domain/instant.ts';
import type { Candle } from '#domain/candle.ts';
import { gaugeSamples, latencySamples } from '#lambdas/prometheus-consumer/candle-samples.ts';
import { dropUnacceptable, waitForCloseMs } from '#lambdas/prometheus-consumer/drop-unacceptable.ts';
import { createSeriesCache } from '#lambdas/prometheus-consumer/candle-series.ts';
import { backfilled, CLOSE_MS, publishedCandle, received } from './events.ts';

const seriesOf = createSeriesCache();

function latencies(candle: Candle, nowMs: number): Record<string, string> {
  return Object.fromEntries(
    latencySamples(received(candle), seriesOf, nowMs).map(({ labels, value }) => [
      labels.byName['stage'] ?? '',
      value,
    ]),
  );
}

test("the candle's nine numbers are stamped with its close time, decimals untouched", () => {
  const samples = gaugeSamples(received(publishedCandle()), seriesOf);
  expect(samples.map(({ labels, value }) => [labels.byName['__name__'], value])).toEqual([
    ['crypto_candle_open_price', '112731.29000000'],
    ['crypto_candle_high_price', '112749.73000000'],
    ['crypto_candle_low_price', '112730.40000000'],
    ['crypto_candle_close_price', '112749.72000000'],
    ['crypto_candle_base_volume', '4.75297000'],
    ['crypto_candle_quote_volume', '535846.83867820'],
    ['crypto_candle_taker_buy_base_volume', '1.90045000'],
    ['crypto_candle_taker_buy_quote_volume', '214244.39643660'],
    ['crypto_candle_trades', '1459'],
  ]);
  expect(new Set(samples.map(({ timestampMs }) => timestampMs))).toEqual(new Set([CLOSE_MS]));
});

test('a live candle has a latency for every stage, in seconds', () => {
  const candle = publishedCandle(undefined, undefined, {
    eventTime: toInstant(CLOSE_MS + 11),
    receivedTime: toInstant(CLOSE_MS + 33),
    publishedTime: toInstant(CLOSE_MS + 40),
  });
  expect(latencies(candle, CLOSE_MS + 1_040)).toEqual({
    exchange: '0.011',
    network: '0.022',
    publish: '0.007',
    consume: '1',
    total: '1.04',
  });
});

test('a latency below zero, from a clock that is behind, is kept', () => {
  const candle = publishedCandle(undefined, undefined, {
    eventTime: toInstant(CLOSE_MS + 20),
    receivedTime: toInstant(CLOSE_MS - 54),
  });
  expect(latencies(candle, CLOSE_MS + 100)).toMatchObject({ network: '-0.074' });
});

test('a backfilled candle has the latencies of our own hops only, so that its age is not taken for slowness', () => {
  const candle = backfilled(publishedCandle());
  expect(Object.keys(latencies(candle, CLOSE_MS + 1_800_000)).toSorted()).toEqual(['consume', 'publish']);
});

test('what the candle does not say is not made up', () => {
  const { eventTime: _, publishedTime: __, ...candle } = publishedCandle();
  expect(Object.keys(latencies(candle, CLOSE_MS + 100))).toEqual(['total']);
});

test('candles over an hour old and candles of the future are dropped, each counted with its offsets', () => {
  const candles = [0, 1, 2, 3].map((offset) => received(publishedCandle(), offset));
  const HOUR_MS = 3_600_000;
  expect(dropUnacceptable(candles, CLOSE_MS)).toEqual({ accepted: candles, dropped: [] });
  expect(dropUnacceptable(candles, CLOSE_MS + HOUR_MS)).toEqual({ accepted: candles, dropped: [] });
  expect(dropUnacceptable(candles, CLOSE_MS + HOUR_MS + 1)).toEqual({
    accepted: [],
    dropped: [{ reason: 'too-old', partition: 'candles-1m-0', firstOffset: 0, lastOffset: 3, candles: 4 }],
  });
  expect(dropUnacceptable(candles, CLOSE_MS - 1).dropped).toEqual([
    { reason: 'future', partition: 'candles-1m-0', firstOffset: 0, lastOffset: 3, candles: 4 },
  ]);
});

test('a candle ahead by milliseconds is worth waiting for, one ahead by minutes is not', () => {
  const candles = [received(publishedCandle())];
  expect(waitForCloseMs(candles, CLOSE_MS - 75)).toBe(75);
  expect(waitForCloseMs(candles, CLOSE_MS + 1)).toBe(0);
  expect(waitForCloseMs(candles, CLOSE_MS - 120_000)).toBe(0);
});
