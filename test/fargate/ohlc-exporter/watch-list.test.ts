import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { Coverage } from '#fargate/ohlc-exporter/coverage.ts';
import type { SymbolSpec } from '#fargate/ohlc-exporter/env.ts';
import { ExchangeClock } from '#fargate/ohlc-exporter/exchange-clock.ts';
import type { ExchangeApi } from '#fargate/ohlc-exporter/exchange-api.ts';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { createMetrics } from '#fargate/ohlc-exporter/metrics.ts';
import { keepUniverse } from '#fargate/ohlc-exporter/watch-list.ts';
import { recordingLog } from '#test/recording-log.ts';

const NOW_MS = 1_000_000 * MINUTE_MS;
const stopping: AbortController[] = [];

const banned: ExchangeApi['listings'] = async () => ({
  kind: 'unavailable',
  reason: 'HTTP 418',
  retryAfterMs: 3 * 24 * 3_600_000,
});

afterEach(() => {
  for (const controller of stopping.splice(0)) controller.abort();
});

function watching(
  symbols: SymbolSpec,
  listed: Map<string, string>,
  acknowledged: ReadonlyMap<string, ReadonlySet<number>> = new Map(),
  leaveAfterMs = 0,
  listings?: ExchangeApi['listings'],
) {
  const coverage = new Coverage();
  const { log, lines } = recordingLog();
  const subscribed = new Set<string>();
  const since: number[] = [];
  const controller = new AbortController();
  stopping.push(controller);
  const api: Pick<ExchangeApi, 'time' | 'listings' | 'quoteVolumes'> = {
    time: async () => ({ kind: 'ok', value: { serverMs: NOW_MS, sentMs: NOW_MS, receivedMs: NOW_MS } }),
    listings:
      listings ??
      (async () => ({
        kind: 'ok',
        value: [...listed].map(([symbol, status]) => ({ symbol, status, quoteAsset: 'USDT' })),
      })),
    quoteVolumes: async () => ({ kind: 'ok', value: new Map() }),
  };
  const running = keepUniverse(
    {
      config: { symbols, backfillLookbackMs: 10 * MINUTE_MS },
      api,
      coverage,
      clock: new ExchangeClock(() => NOW_MS),
      streams: {
        add: async (joining) => joining.forEach((symbol) => subscribed.add(symbol)),
        remove: async (leaving) => leaving.forEach((symbol) => subscribed.delete(symbol)),
      },
      filler: { wake: () => {}, forget: () => {} },
      metrics: createMetrics(),
      log,
      restHosts: new Hosts(['http://127.0.0.1:1']),
      readAcknowledged: async (sinceMs) => {
        since.push(sinceMs);
        return acknowledged;
      },
      refreshMs: 20,
      leaveAfterMs,
    },
    controller.signal,
  );
  return { coverage, lines, subscribed, since, running };
}

test('a listing joins and a delisting leaves at the next refresh, each with a log line', async () => {
  const listed = new Map([
    ['BTCUSDT', 'TRADING'],
    ['ETHUSDT', 'TRADING'],
    ['OLDUSDT', 'BREAK'],
  ]);
  const { subscribed, lines, coverage } = watching({ kind: 'all', quoteAsset: 'USDT' }, listed);
  await vi.waitFor(() => expect([...subscribed]).toEqual(['BTCUSDT', 'ETHUSDT']));
  listed.set('NEWUSDT', 'TRADING');
  listed.set('ETHUSDT', 'BREAK');
  await vi.waitFor(() => expect([...subscribed]).toEqual(['BTCUSDT', 'NEWUSDT']));
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'symbol-left', facts: expect.objectContaining({ symbol: 'ETHUSDT' }) }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'symbols-joined', facts: { count: 1, first: ['NEWUSDT'] } }),
  );
  expect(coverage.has('ETHUSDT')).toBe(false);
});

test('what Kafka holds of the lookback is covered, and every other closed minute is a hole', async () => {
  const newest = NOW_MS - MINUTE_MS;
  const held = new Set([newest - 9 * MINUTE_MS, newest - 8 * MINUTE_MS, newest - 3 * MINUTE_MS]);
  const { coverage, since, subscribed } = watching(
    { kind: 'list', symbols: ['BTCUSDT'] },
    new Map([['BTCUSDT', 'TRADING']]),
    new Map([['BTCUSDT', held]]),
  );
  await vi.waitFor(() => expect(subscribed.size).toBe(1));
  expect(coverage.holes()).toEqual([
    { symbol: 'BTCUSDT', fromMs: newest - 2 * MINUTE_MS, toMs: newest },
    { symbol: 'BTCUSDT', fromMs: newest - 7 * MINUTE_MS, toMs: newest - 4 * MINUTE_MS },
  ]);
  // The lookback, and a margin for records that were stamped early.
  expect(since[0]).toBeLessThan(NOW_MS - 10 * MINUTE_MS);
});

test('after a stop longer than the lookback the hole begins where Kafka ends, and a day ago at the earliest', async () => {
  const newest = NOW_MS - MINUTE_MS;
  const { coverage, subscribed } = watching(
    { kind: 'list', symbols: ['BTCUSDT', 'ETHUSDT'] },
    new Map([
      ['BTCUSDT', 'TRADING'],
      ['ETHUSDT', 'TRADING'],
    ]),
    new Map([
      ['BTCUSDT', new Set([newest - 50 * MINUTE_MS, newest - 40 * MINUTE_MS, newest])],
      ['ETHUSDT', new Set([newest - 5000 * MINUTE_MS])],
    ]),
  );
  await vi.waitFor(() => expect(subscribed.size).toBe(2));
  expect(coverage.holes().toSorted((a, b) => a.toMs - b.toMs)).toEqual([
    { symbol: 'BTCUSDT', fromMs: newest - 39 * MINUTE_MS, toMs: newest - MINUTE_MS },
    { symbol: 'ETHUSDT', fromMs: NOW_MS - (10 + 1440) * MINUTE_MS, toMs: newest },
  ]);
});

test('a list of which nothing trades stops the process, naming the variable and each status', async () => {
  const { running } = watching(
    { kind: 'list', symbols: ['OLDUSDT', 'TYPO'] },
    new Map([['OLDUSDT', 'BREAK']]),
  );
  await expect(running).rejects.toThrow(
    'SYMBOLS: expected symbols that trade at the exchange, got OLDUSDT (BREAK), TYPO (unknown)',
  );
});

test('one that does not trade is named, and the others are watched', async () => {
  const { subscribed, lines } = watching(
    { kind: 'list', symbols: ['BTCUSDT', 'TYPO'] },
    new Map([['BTCUSDT', 'TRADING']]),
  );
  await vi.waitFor(() => expect([...subscribed]).toEqual(['BTCUSDT']));
  expect(lines).toContainEqual({
    level: 'warn',
    event: 'symbol-not-trading',
    facts: { symbol: 'TYPO', status: 'unknown' },
  });
});

test('a list does not wait for a REST ban to be over: the stream has none', async () => {
  const { subscribed } = watching({ kind: 'list', symbols: ['BTCUSDT'] }, new Map(), new Map(), 0, banned);
  await vi.waitFor(() => expect([...subscribed]).toEqual(['BTCUSDT']));
});

test('a halt is no delisting: the symbol stays, and leaves only when it has been away for long', async () => {
  const listed = new Map([
    ['BTCUSDT', 'TRADING'],
    ['ETHUSDT', 'TRADING'],
  ]);
  const { subscribed, lines } = watching({ kind: 'all', quoteAsset: 'USDT' }, listed, new Map(), 300);
  await vi.waitFor(() => expect(subscribed.size).toBe(2));
  listed.set('ETHUSDT', 'HALT');
  await vi.waitFor(() => expect(lines.map(({ event }) => event)).toContain('symbol-away'));
  listed.set('ETHUSDT', 'TRADING');
  await delay(400);
  expect([...subscribed]).toEqual(['BTCUSDT', 'ETHUSDT']);
  listed.set('ETHUSDT', 'BREAK');
  await vi.waitFor(() => expect([...subscribed]).toEqual(['BTCUSDT']));
});
