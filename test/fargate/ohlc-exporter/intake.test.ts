import { describe, expect, test } from 'vitest';
import type { Candle, Rejected } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { Coverage } from '#fargate/ohlc-exporter/coverage.ts';
import { ExchangeClock } from '#fargate/ohlc-exporter/exchange-clock.ts';
import { createIntake } from '#fargate/ohlc-exporter/intake.ts';
import { createMetrics } from '#fargate/ohlc-exporter/metrics.ts';
import { CANDLE } from '#test/candles.ts';
import { recordedFrame } from '#test/recorded-frame.ts';
import { recordingLog } from '#test/recording-log.ts';

const OPEN_MS = Date.parse(CANDLE.openTime);

function intakeOver(room = Infinity) {
  const coverage = new Coverage();
  coverage.watch('BTCUSDT', OPEN_MS - MINUTE_MS, OPEN_MS - MINUTE_MS, new Set([OPEN_MS - MINUTE_MS]));
  const published: Candle[] = [];
  const letters: Rejected[] = [];
  const metrics = createMetrics();
  const clock = new ExchangeClock(() => OPEN_MS + MINUTE_MS);
  const future: string[] = [];
  const { log, lines } = recordingLog();
  const intake = createIntake({
    coverage,
    clock,
    metrics,
    log,
    publisher: {
      offer: (candle) => published.length < room && published.push(candle) > 0,
      deadLetter: (letter) => letters.push(letter) > 0,
      queued: 0,
    },
    onClosed: () => {},
    onHole: () => {},
    onFuture: (symbol) => future.push(symbol),
    now: () => Date.parse(CANDLE.receivedTime),
  });
  const count = async (name: string) =>
    (await metrics.registry.getSingleMetric(name)?.get())?.values.reduce((sum, { value }) => sum + value, 0);
  return { intake, coverage, published, letters, clock, lines, count, future };
}

describe('a frame', () => {
  test('that closes a candle is published once, though two sockets bring it', async () => {
    const { intake, published, count, clock } = intakeOver();
    intake.onFrame(recordedFrame('kline-closed-combined'));
    intake.onFrame(recordedFrame('kline-closed-combined'));
    expect(published).toEqual([CANDLE]);
    expect(await count('crypto_exporter_duplicates_total')).toBe(1);
    expect(intake.frames).toBe(2);
    expect(clock.nowMs()).toBe(OPEN_MS + MINUTE_MS);
  });

  test('of the shutdown and of a refused subscription are told to the holder of the socket', () => {
    const { intake, letters } = intakeOver();
    expect(intake.onFrame(recordedFrame('server-shutdown-combined'))).toBe('shutdown');
    expect(intake.onFrame(Buffer.from('{"error":{"code":2,"msg":"no"},"id":1}'))).toBe('subscribe-refused');
    expect(intake.onFrame(Buffer.from('{"result":null,"id":1}'))).toBe('none');
    expect(letters).toEqual([]);
  });

  test.each([
    ['cut off', recordedFrame('kline-closed-combined').subarray(0, 200), 'not-json'],
    ['of another event', Buffer.from('{"e":"depthUpdate"}'), 'unknown-event'],
    ['of ten megabytes', Buffer.alloc(10_000_000, 'a'), 'not-json'],
    ['of a symbol that is not subscribed', recordedFrame('kline-closed-zero-trades'), 'unknown-event'],
    ['of no bytes', Buffer.alloc(0), 'not-json'],
  ])('A4 %s is counted and kept, and the next one is taken', async (_, bytes, reason) => {
    const { intake, published, letters, count } = intakeOver();
    expect(intake.onFrame(bytes)).toBe('none');
    expect(letters.map((letter) => letter.reason)).toEqual([reason]);
    expect(letters[0]?.raw === bytes).toBe(true);
    expect(await count('crypto_exporter_rejected_total')).toBe(1);
    intake.onFrame(recordedFrame('kline-closed-combined'));
    expect(published.length).toBe(1);
  });
});

test('A12 a candle that finds the queue full leaves a hole that is known', () => {
  const { intake, coverage, lines } = intakeOver(0);
  intake.onFrame(recordedFrame('kline-closed-combined'));
  expect(coverage.holes()).toEqual([{ symbol: 'BTCUSDT', fromMs: OPEN_MS, toMs: OPEN_MS }]);
  expect(lines.map(({ event }) => event)).toEqual(['intake-paused']);
});

test('A13 a local clock that is two minutes off does not move the exchange time', () => {
  let local = 1_000_000;
  const clock = new ExchangeClock(() => local);
  clock.measured(1_120_000, 999_900, 1_000_101);
  expect(clock.offsetMs).toBe(120_000);
  local += 5000;
  expect(clock.nowMs()).toBe(1_125_000);
  clock.seenClosed(1_139_999);
  expect(clock.nowMs()).toBe(1_140_000);
});

test('a closed candle of a minute that has not come is kept aside, and the exchange is asked for its clock', () => {
  const { intake, coverage, published, letters, clock, future } = intakeOver();
  const tomorrow = recordedFrame('kline-closed-raw')
    .toString()
    .replace(
      '"t":1761711720000,"T":1761711779999',
      `"t":${OPEN_MS + 43_200_000},"T":${OPEN_MS + 43_200_000 + 59_999}`,
    );
  const before = clock.nowMs();
  intake.onFrame(Buffer.from(tomorrow));
  expect(letters.map(({ reason, detail }) => `${reason} ${detail}`)).toEqual([
    expect.stringMatching(
      /^broken-rule expected openTime before 2025-10-29T04:33:00.000Z, got 2025-10-29T16:22:00.000Z/,
    ),
  ]);
  expect(future).toEqual(['BTCUSDT']);
  expect([published.length, coverage.missingCount(), clock.nowMs()]).toEqual([0, 0, before]);
});
