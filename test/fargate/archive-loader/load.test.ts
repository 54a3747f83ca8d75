import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '#fargate/archive-loader/summary.ts';
import type { ManualClock } from '#local/exchange/clock.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { stillExchange } from '#test/local/exchange/stream-client.ts';
import { candleOf, candlesOf, emptyLanding, loaderOn } from './loader-stand.ts';
import type { Landed, Run } from './loader-stand.ts';

/** Whole months and many runs: seconds alone, more beside others. */
const SLOW = { timeout: 90_000 };

/** The exchange stands at 2026-01-01T10:00:30Z. */
const TEN_HOURS = 10 * 3_600_000;

let exchange: Exchange;
let clock: ManualClock;
let landed: Landed;

beforeAll(async () => {
  ({ exchange, clock } = await stillExchange({ symbols: 4 }));
  clock.advance(TEN_HOURS);
});
afterAll(() => exchange[Symbol.asyncDispose]());
beforeEach(() => {
  exchange.clearFaults();
  landed = emptyLanding();
});

function landedCandles(symbol: string): readonly string[] {
  const rows = landed.tables.CANDLES_ARCHIVE.filter((row) => row['SYMBOL'] === symbol);
  return rows.map(candleOf).toSorted();
}

function exitCode({ summary }: Run): number {
  return exitCodeOf({ ...summary, command: 'load', seconds: 1, stopped: false });
}

function manifest(): readonly string[] {
  return landed.files.map(({ fileName }) => fileName).toSorted();
}

describe('a load', () => {
  test('lands a month, days and today exactly as the exchange closed them', SLOW, async () => {
    const run = await loaderOn(exchange, landed).load(['BTCUSDT'], '2025-11-30T00:00Z', '2026-01-01T10:00Z');
    expect(run.summary).toMatchObject({
      pieces: { loaded: 3, skipped: 0, missing: 0, refused: 0, failed: 0 },
      problems: [],
    });
    expect(manifest()).toEqual([
      'BTCUSDT-1m-2025-11-30.zip',
      'BTCUSDT-1m-2025-12.zip',
      'BTCUSDT-1m-20260101T0000Z-20260101T0954Z.rest',
    ]);
    const expected = candlesOf(exchange, 'BTCUSDT', '2025-11-30T00:00Z', '2026-01-01T09:54Z');
    expect(expected).toHaveLength(32 * 1440 + 595);
    expect(landedCandles('BTCUSDT')).toEqual(expected.toSorted());
    expect(run.summary.rows).toBe(expected.length);
    expect(exitCode(run)).toBe(0);
    const [row] = landed.tables.CANDLES_ARCHIVE;
    expect(row).toMatchObject({
      EXCHANGE: 'binance',
      CANDLE_INTERVAL: '1m',
      LOADED_AT: '2026-01-01 10:00:30',
    });
    const sources = new Set(
      landed.tables.CANDLES_ARCHIVE.map((one) => `${one['SOURCE']} ${one['SOURCE_FILE']}`),
    );
    expect([...sources].toSorted()).toEqual([
      'archive BTCUSDT-1m-2025-11-30.zip',
      'archive BTCUSDT-1m-2025-12.zip',
      'rest BTCUSDT-1m-20260101T0000Z-20260101T0954Z.rest',
    ]);
  });

  test('does nothing the second time, and only what is new as time goes on', async () => {
    const loader = loaderOn(exchange, landed);
    await loader.load(['BTCUSDT'], '2025-12-30T00:00Z', '2026-01-01T08:00Z');
    const [rows, requests] = [landed.tables.CANDLES_ARCHIVE.length, exchange.stats.archiveRequests];
    const second = await loader.load(['BTCUSDT'], '2025-12-30T00:00Z', '2026-01-01T08:00Z');
    expect(second.summary).toMatchObject({
      pieces: { loaded: 0, skipped: 3, missing: 0, refused: 0, failed: 0 },
      rows: 0,
    });
    expect([landed.tables.CANDLES_ARCHIVE.length, exchange.stats.archiveRequests]).toEqual([rows, requests]);
    const third = await loader.load(['BTCUSDT'], '2025-12-30T00:00Z', '2026-01-01T08:02Z');
    expect(third.summary).toMatchObject({ pieces: { loaded: 1, skipped: 2 }, rows: 2 });
  });

  test('loads microseconds and milliseconds under a header alike', async () => {
    await loaderOn(exchange, landed).load(['ETHUSDT'], '2025-12-31T00:00Z', '2025-12-31T23:59Z');
    const plain = landedCandles('ETHUSDT');
    landed = emptyLanding();
    exchange.inject({ kind: 'archive', how: 'futures' });
    await loaderOn(exchange, landed).load(['ETHUSDT'], '2025-12-31T00:00Z', '2025-12-31T23:59Z');
    expect(plain).toHaveLength(1440);
    expect(landedCandles('ETHUSDT')).toEqual(plain);
  });

  test('crosses the change of units on New Year 2025', async () => {
    await loaderOn(exchange, landed).load(['DRV0001USDT'], '2024-12-31T00:00Z', '2025-01-01T23:59Z');
    expect(landedCandles('DRV0001USDT')).toEqual(
      candlesOf(exchange, 'DRV0001USDT', '2024-12-31T00:00Z', '2025-01-01T23:59Z').toSorted(),
    );
    expect(manifest()).toHaveLength(2);
  });

  test.each([
    ['wrong-checksum', /expected the SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}/],
    ['truncated', /expected a whole zip, got a broken one/],
    ['wrong-columns', /line 1: expected 12 columns, got 11 in "1767/],
    ['wrong-prices', /line 1: expected open <= high, got /],
  ] as const)(
    'refuses a file with %s by its name, lands nothing of it, and goes on with the rest',
    async (how, reason) => {
      exchange.inject({ kind: 'archive', how, file: '2025-12-30', symbols: ['BTCUSDT'] });
      const run = await loaderOn(exchange, landed).load(
        ['BTCUSDT', 'ETHUSDT'],
        '2025-12-30T00:00Z',
        '2025-12-31T23:59Z',
      );
      expect(run.summary.pieces).toEqual({ loaded: 3, skipped: 0, missing: 0, refused: 1, failed: 0 });
      expect(run.summary.problems).toEqual([
        { kind: 'refused', name: 'BTCUSDT-1m-2025-12-30.zip', reason: expect.stringMatching(reason) },
      ]);
      expect(run.lines).toEqual([expect.stringContaining('refused BTCUSDT-1m-2025-12-30.zip: ')]);
      expect(exitCode(run)).toBe(1);
      expect(manifest()).toEqual([
        'BTCUSDT-1m-2025-12-31.zip',
        'ETHUSDT-1m-2025-12-30.zip',
        'ETHUSDT-1m-2025-12-31.zip',
      ]);
      expect(landedCandles('BTCUSDT')).toHaveLength(1440);
      exchange.clearFaults();
      const again = await loaderOn(exchange, landed).load(
        ['BTCUSDT'],
        '2025-12-30T00:00Z',
        '2025-12-31T23:59Z',
      );
      expect(again.summary.pieces).toMatchObject({ loaded: 1, skipped: 1, refused: 0 });
      expect(landedCandles('BTCUSDT')).toHaveLength(2880);
    },
  );

  test('takes the days where a month is not published yet, and REST where a day is not', SLOW, async () => {
    exchange.inject({ kind: 'archive', how: 'absent', file: '2025-12.zip' });
    exchange.inject({ kind: 'archive', how: 'absent', file: '2025-12-31.zip' });
    const run = await loaderOn(exchange, landed).load(['BTCUSDT'], '2025-12-01T00:00Z', '2025-12-31T23:59Z');
    expect(run.summary.pieces).toMatchObject({ loaded: 31, missing: 0 });
    expect(manifest().slice(-2)).toEqual([
      'BTCUSDT-1m-2025-12-30.zip',
      'BTCUSDT-1m-20251231T0000Z-20251231T2359Z.rest',
    ]);
    expect(landedCandles('BTCUSDT')).toHaveLength(31 * 1440);
    exchange.clearFaults();
    const later = await loaderOn(exchange, landed).load(
      ['BTCUSDT'],
      '2025-12-25T00:00Z',
      '2025-12-31T23:59Z',
    );
    expect(later.summary.pieces).toMatchObject({ loaded: 1, skipped: 6 });
    expect(manifest()).toContain('BTCUSDT-1m-2025-12-31.zip');
  });

  test('begins with the listing, and counts a symbol that the exchange does not know as missing', async () => {
    const run = await loaderOn(exchange, landed).load(
      ['BTCUSDT', 'XYZUSDT'],
      '2024-05-30T00:00Z',
      '2024-06-01T23:59Z',
    );
    expect(manifest()).toEqual(['BTCUSDT-1m-2024-06-01.zip']);
    expect(run.summary).toMatchObject({
      pieces: { loaded: 1, missing: 3, refused: 0, failed: 0 },
      problems: [
        {
          kind: 'missing',
          name: 'XYZUSDT-1m-2024-05-30.zip',
          reason: expect.stringContaining('Invalid symbol'),
        },
        {},
        {},
      ],
    });
    expect(exitCode(run)).toBe(0);
  });

  test('outlasts an archive that is out of order for a while, and reports one that stays so', async () => {
    exchange.inject({ kind: 'rest-status', status: 503, path: '/data/', count: 2 });
    exchange.inject({ kind: 'rest-reset', path: '/data/', count: 1 });
    exchange.inject({
      kind: 'rest-status',
      status: 429,
      retryAfterSeconds: 1,
      path: '/api/v3/klines',
      count: 1,
    });
    const range = ['2025-12-31T00:00Z', '2025-12-31T23:59Z'] as const;
    expect((await loaderOn(exchange, landed).load(['BTCUSDT'], ...range)).summary.pieces).toMatchObject({
      loaded: 1,
    });
    exchange.inject({ kind: 'rest-status', status: 503, path: '/data/' });
    const run = await loaderOn(exchange, landed).load(['ETHUSDT'], ...range);
    expect(run.summary).toMatchObject({
      pieces: { loaded: 0, refused: 0, failed: 1 },
      problems: [
        {
          name: 'ETHUSDT-1m-2025-12-31.zip',
          reason: expect.stringMatching(/ETHUSDT-1m-2025-12-31.*HTTP 503/),
        },
      ],
    });
    expect(exitCode(run)).toBe(1);
  });

  test('that dies before any of its writes is made whole by the next one', SLOW, async () => {
    exchange.inject({
      kind: 'hole',
      at: 'exchange',
      from: Date.parse('2025-12-30T05:00Z'),
      to: Date.parse('2025-12-30T05:01Z'),
    });
    exchange.inject({
      kind: 'hole',
      at: 'archive',
      from: Date.parse('2025-12-30T06:00Z'),
      to: Date.parse('2025-12-30T06:01Z'),
    });
    const range = ['2025-12-30T00:00Z', '2025-12-30T23:59Z'] as const;
    const state = () => ({
      candles: [...new Set(landedCandles('BTCUSDT'))],
      files: [...new Set(manifest())],
      absent: [...new Set(landed.absent.map(({ openTime }) => openTime))].toSorted(),
    });
    await loaderOn(exchange, landed).load(['BTCUSDT'], ...range);
    const clean = state();
    expect(clean.candles).toHaveLength(1440 - 2);
    expect(clean.absent).toEqual(['2025-12-30T05:00:00.000Z', '2025-12-30T05:01:00.000Z']);
    let deaths = 0;
    for (let calls = 0; ; calls++) {
      landed = { ...emptyLanding(), callsToLive: calls };
      const first = await loaderOn(exchange, landed)
        .load(['BTCUSDT'], ...range)
        .catch((error: unknown) => error);
      landed.callsToLive = Infinity;
      await loaderOn(exchange, landed).load(['BTCUSDT'], ...range);
      expect(state()).toEqual(clean);
      if (!(first instanceof Error)) break;
      deaths += 1;
    }
    expect(deaths).toBe(6);
  });
});
