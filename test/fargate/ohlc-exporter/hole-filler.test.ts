import { afterEach, describe, expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Candle, Decoded } from '#domain/candle.ts';
import { Coverage } from '#fargate/ohlc-exporter/coverage.ts';
import type { ApiResult, ExchangeApi } from '#fargate/ohlc-exporter/exchange-api.ts';
import { ExchangeClock } from '#fargate/ohlc-exporter/exchange-clock.ts';
import { HoleFiller } from '#fargate/ohlc-exporter/hole-filler.ts';
import { createIntake } from '#fargate/ohlc-exporter/intake.ts';
import { createMetrics } from '#fargate/ohlc-exporter/metrics.ts';
import { candleAt } from '#test/candles.ts';
import { recordingLog } from '#test/recording-log.ts';

const at = (minute: number) => minute * MINUTE_MS;
const ok = <T>(value: T): ApiResult<T> => ({ kind: 'ok', value });
const stopping: AbortController[] = [];

afterEach(() => {
  for (const controller of stopping.splice(0)) controller.abort();
});

/** A filler over an exchange that has the minutes `has` says, at a given time of the exchange. */
function filling(setup: {
  readonly nowMinute: number;
  readonly has?: (minute: number, symbol: string) => boolean;
  readonly firstMinute?: number;
  readonly klines?: ExchangeApi['klines'];
}) {
  const coverage = new Coverage();
  const clock = new ExchangeClock();
  const metrics = createMetrics();
  const { log, lines } = recordingLog();
  const published: Candle[] = [];
  const asked: string[] = [];
  const letters: unknown[] = [];
  const api: ExchangeApi = {
    time: async () => ok({ serverMs: at(setup.nowMinute), sentMs: 0, receivedMs: 0 }),
    klines: async (symbol, fromMs, toMs, signal) => {
      asked.push(`${symbol} ${fromMs / MINUTE_MS}-${toMs / MINUTE_MS}`);
      if (setup.klines) return setup.klines(symbol, fromMs, toMs, signal);
      const rows: Decoded[] = [];
      for (let minute = fromMs / MINUTE_MS; minute <= toMs / MINUTE_MS; minute += 1) {
        if (setup.has?.(minute, symbol) ?? true)
          rows.push({ kind: 'candle', candle: candleAt(at(minute), symbol, { source: 'rest' }) });
      }
      return ok(rows);
    },
    firstMinute: async () => ok(at(setup.firstMinute ?? 0)),
    listings: async () => ok([]),
    quoteVolumes: async () => ok(new Map()),
  };
  const intake = createIntake({
    coverage,
    clock,
    metrics,
    log,
    publisher: {
      offer: (candle) => published.push(candle) > 0,
      deadLetter: (letter) => letters.push(letter) > 0,
      queued: 0,
    },
    onClosed: () => {},
    onHole: () => {},
    onFuture: () => {},
  });
  const left: number[] = [];
  const controller = new AbortController();
  stopping.push(controller);
  const filler = new HoleFiller({
    coverage,
    api,
    clock,
    intake,
    log,
    publisher: { room: async () => {} },
    onFound: () => {},
    onLeft: (minutes) => left.push(minutes),
    keepMs: at(24 * 60),
    pollMs: 10,
  });
  const start = () => void filler.run(controller.signal);
  return { coverage, filler, published, asked, letters, lines, left, start };
}

const minutes = (candles: readonly Candle[]) =>
  candles.map((candle) => Date.parse(candle.openTime) / MINUTE_MS);

describe('filling', () => {
  test('takes the newest hole first, and the minutes within one in order', async () => {
    const { coverage, published, asked, start } = filling({ nowMinute: 120 });
    coverage.watch('BTCUSDT', at(100), at(115), new Set([at(100), at(103), at(104), at(105)]));
    start();
    await vi.waitFor(() => expect(coverage.missingCount()).toBe(0));
    expect(asked).toEqual(['BTCUSDT 106-115', 'BTCUSDT 101-102']);
    expect(minutes(published)).toEqual([106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 101, 102]);
  });

  test('pages through a hole of more than a thousand minutes', async () => {
    const { coverage, asked, start } = filling({ nowMinute: 3000 });
    coverage.watch('BTCUSDT', at(1700), at(2999 - 100), new Set());
    start();
    await vi.waitFor(() => expect(coverage.missingCount()).toBe(0));
    expect(asked).toEqual(['BTCUSDT 1700-2699', 'BTCUSDT 2700-2899']);
  });

  test('never takes a candle that may still be forming or be on its way over the stream', async () => {
    const { coverage, published, start } = filling({ nowMinute: 110 });
    // Minute 109 has closed this very millisecond.
    coverage.watch('BTCUSDT', at(107), at(109), new Set());
    start();
    await vi.waitFor(() => expect(published.length).toBe(2));
    expect(minutes(published)).toEqual([107, 108]);
    expect(coverage.isMissing('BTCUSDT', at(109))).toBe(true);
  });

  test('expects, after the stream was away, every minute that has closed meanwhile', async () => {
    const { coverage, filler, published, start } = filling({ nowMinute: 110 });
    coverage.watch('BTCUSDT', at(104), at(104), new Set([at(104)]));
    filler.resync(['BTCUSDT', 'GONE']);
    start();
    await vi.waitFor(() => expect(minutes(published)).toEqual([105, 106, 107, 108]));
  });
});

describe('A7 what the exchange does not have either', () => {
  test('is recorded, not invented, and filled when it turns up', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      let maintained = true;
      const { coverage, published, lines, asked, start } = filling({
        nowMinute: 120,
        has: (minute) => minute !== 105 || !maintained,
      });
      coverage.watch('BTCUSDT', at(104), at(106), new Set());
      start();
      await vi.waitFor(() => expect(lines.map(({ event }) => event)).toContain('hole-at-exchange'));
      expect(minutes(published)).toEqual([104, 106]);
      expect(coverage.isMissing('BTCUSDT', at(105))).toBe(true);
      const before = asked.length;
      maintained = false;
      vi.advanceTimersByTime(60_000);
      await vi.waitFor(() => expect(coverage.missingCount()).toBe(0));
      expect(asked.slice(before)).toEqual(['BTCUSDT 105-105']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('because it was listed later is no hole', async () => {
    const { coverage, published, start, lines } = filling({
      nowMinute: 120,
      has: (minute) => minute >= 110,
      firstMinute: at(110) / MINUTE_MS,
    });
    coverage.watch('NEWUSDT', at(100), at(115), new Set());
    start();
    await vi.waitFor(() => expect(coverage.missingCount()).toBe(0));
    expect(minutes(published)).toEqual([110, 111, 112, 113, 114, 115]);
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'hole-before-listing', facts: { symbol: 'NEWUSDT', minutes: 10 } }),
    );
  });

  test('and is a day old is left to the archive, counted', async () => {
    const { coverage, left, start } = filling({ nowMinute: 3000, has: () => false });
    coverage.watch('BTCUSDT', at(1550), at(1569), new Set());
    start();
    await vi.waitFor(() => expect(left).toEqual([11]));
    expect(coverage.missingCount()).toBe(9);
  });
});

test('A8 an exchange that is out of order keeps the hole queued, and the next answer fills it', async () => {
  let refusals = 2;
  const { coverage, published, start } = filling({
    nowMinute: 120,
    klines: async (symbol, fromMs) =>
      refusals-- > 0
        ? { kind: 'unavailable', reason: 'HTTP 503', retryAfterMs: 20 }
        : ok([{ kind: 'candle', candle: candleAt(fromMs, symbol, { source: 'rest' }) }]),
  });
  coverage.watch('BTCUSDT', at(110), at(110), new Set());
  start();
  await vi.waitFor(() => expect(coverage.missingCount()).toBe(0));
  expect(minutes(published)).toEqual([110]);
});

test('a row that breaks the rules is kept as a dead letter and its minute stays missing', async () => {
  const { coverage, letters, published, start } = filling({
    nowMinute: 120,
    klines: async () =>
      ok([
        { kind: 'rejected', reason: 'broken-rule', detail: 'expected low <= open', raw: Buffer.from('[]') },
      ]),
  });
  coverage.watch('BTCUSDT', at(110), at(110), new Set());
  start();
  await vi.waitFor(() => expect(letters.length).toBeGreaterThan(0));
  expect(published).toEqual([]);
  expect(coverage.isMissing('BTCUSDT', at(110))).toBe(true);
});

test('A8 an exchange that refuses is asked by one request, not by several at the same moment', async () => {
  let refusing = true;
  const { coverage, filler, asked, published, start } = filling({
    nowMinute: 100,
    klines: async (symbol) => {
      await Promise.resolve();
      if (refusing) return { kind: 'unavailable', reason: 'HTTP 429', retryAfterMs: 100 };
      return ok([{ kind: 'candle', candle: candleAt(at(98), symbol, { source: 'rest' }) }]);
    },
  });
  for (const symbol of ['A', 'B', 'C', 'D', 'E']) coverage.watch(symbol, at(98), at(98), new Set());
  start();
  filler.wake();
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked.length).toBe(1);
  refusing = false;
  await vi.waitFor(() => expect(published.length).toBe(5));
});
