import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '#fargate/archive-loader/piece.ts';
import { chosenOn } from '#fargate/archive-loader/recheck-choice.ts';
import { exitCodeOf } from '#fargate/archive-loader/summary.ts';
import type { ManualClock } from '#local/exchange/clock.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { startHttpServer } from '#test/http-server.ts';
import { stillExchange } from '#test/local/exchange/stream-client.ts';
import { candleOf, candlesOf, emptyLanding, loaderOn } from './loader-stand.ts';
import type { Landed, Run } from './loader-stand.ts';

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

describe('minutes that the archive lacks', () => {
  const [from, to] = [Date.parse('2025-12-30T05:00Z'), Date.parse('2025-12-30T05:02Z')];
  const day = ['2025-12-30T00:00Z', '2025-12-30T23:59Z'] as const;

  test('come from REST where it has them', async () => {
    exchange.inject({ kind: 'hole', at: 'archive', from, to });
    const run = await loaderOn(exchange, landed).load(['BTCUSDT'], ...day);
    expect(landedCandles('BTCUSDT')).toEqual(candlesOf(exchange, 'BTCUSDT', ...day).toSorted());
    expect([landed.absent, run.summary.absentMinutes]).toEqual([[], 0]);
    expect(manifest()).toEqual([
      'BTCUSDT-1m-2025-12-30.zip',
      'BTCUSDT-1m-20251230T0500Z-20251230T0502Z.rest',
    ]);
    const rest = landed.tables.CANDLES_ARCHIVE.filter((row) => row['SOURCE'] === 'rest');
    expect(rest.map((row) => row['OPEN_TIME'])).toEqual([
      '2025-12-30 05:00:00',
      '2025-12-30 05:01:00',
      '2025-12-30 05:02:00',
    ]);
  });

  test('are recorded as absent, before the file is in the manifest, where REST lacks them too', async () => {
    exchange.inject({ kind: 'hole', at: 'exchange', from, to });
    const run = await loaderOn(exchange, landed).load(['BTCUSDT'], ...day);
    expect(landed.absent).toEqual(
      ['05:00', '05:01', '05:02'].map((time) => ({
        symbol: 'BTCUSDT',
        openTime: `2025-12-30T${time}:00.000Z`,
        asked: 'rest',
      })),
    );
    expect(run.summary).toMatchObject({ absentMinutes: 3, pieces: { loaded: 1, missing: 0, failed: 0 } });
    expect(landed.tables.CANDLES_ARCHIVE).toHaveLength(1437);
    expect(exitCode(run)).toBe(0);
  });

  test('stay open while REST can not be asked, and the run says so', async () => {
    exchange.inject({ kind: 'hole', at: 'archive', from, to });
    exchange.inject({ kind: 'rest-status', status: 500, path: '/api/v3/klines' });
    const run = await loaderOn(exchange, landed).load(['BTCUSDT'], ...day);
    expect(landed.absent).toEqual([]);
    expect(run.summary).toMatchObject({
      pieces: { loaded: 1, failed: 1 },
      problems: [{ kind: 'failed', name: 'BTCUSDT-1m-20251230T0500Z-20251230T0502Z.rest' }],
    });
    expect(manifest()).toEqual(['BTCUSDT-1m-2025-12-30.zip']);
  });
});

describe('a re-check', () => {
  test('loads what was rewritten since, and nothing else', async () => {
    const loader = loaderOn(exchange, landed);
    await loader.load(['BTCUSDT', 'ETHUSDT'], '2025-12-29T00:00Z', '2026-01-01T03:00Z');
    const before = landed.tables.CANDLES_ARCHIVE.length;
    expect((await loader.recheck()).summary.pieces).toEqual({
      loaded: 0,
      skipped: 6,
      missing: 0,
      refused: 0,
      failed: 0,
    });
    exchange.inject({ kind: 'archive', how: 'rewritten', file: '2025-12-30', symbols: ['ETHUSDT'] });
    exchange.inject({ kind: 'archive', how: 'absent', file: '2025-12-31', symbols: ['ETHUSDT'] });
    const run = await loader.recheck();
    expect(run.summary.pieces).toEqual({ loaded: 1, skipped: 4, missing: 1, refused: 0, failed: 0 });
    expect(run.lines).toEqual(['rewritten ETHUSDT-1m-2025-12-30.zip: loaded again']);
    const added = landed.tables.CANDLES_ARCHIVE.slice(before);
    expect(new Set(added.map((row) => row['SOURCE_FILE']))).toEqual(new Set(['ETHUSDT-1m-2025-12-30.zip']));
    const volumes = added.map((row) => Number(row['BASE_VOLUME'])).reduce((sum, volume) => sum + volume, 0);
    const entries = [
      ...exchange.ledger({
        symbol: 'ETHUSDT',
        fromMs: Date.parse('2025-12-30T00:00Z'),
        toMs: Date.parse('2025-12-30T23:59Z'),
      }),
    ];
    const first = entries.map(({ row }) => Number(row[5])).reduce((sum, volume) => sum + volume, 0);
    expect(volumes / first).toBeCloseTo(0.99, 5);
    landed.files.splice(0, landed.files.length, ...landed.files.slice(-1));
    expect((await loader.recheck()).summary.pieces).toMatchObject({ loaded: 0, skipped: 1 });
  });

  test('looks at an old file when it is its turn, or when all are asked for', async () => {
    const loader = loaderOn(exchange, landed);
    await loader.load(['BTCUSDT'], '2025-10-01T00:00Z', '2025-10-31T23:59Z');
    expect(manifest()).toEqual(['BTCUSDT-1m-2025-10.zip']);
    const nights = Array.from({ length: 30 }, (_, day) => Date.parse('2026-01-01T04:30Z') + day * DAY_MS);
    const turn = nights.findIndex((nowMs) => chosenOn(landed.files, nowMs).length === 1);
    const checksums = async (nowMs: number | undefined) =>
      (await loader.recheck('due', nowMs)).summary.pieces.skipped;
    expect(await checksums(nights.at(turn))).toBe(1);
    expect(await checksums(nights.at(turn - 1))).toBe(0);
    expect((await loader.recheck('all')).summary.pieces).toMatchObject({ loaded: 0, skipped: 1 });
  });
});

function gap(symbol: string, from: string, to: string) {
  return { symbol, firstMs: Date.parse(from), lastMs: Date.parse(to) };
}

describe('healing', () => {
  test('fills a gap of a day that is over from its archive, one of today by REST', async () => {
    const run = await loaderOn(exchange, landed).heal([
      gap('BTCUSDT', '2025-12-31T23:58Z', '2026-01-01T00:01Z'),
      gap('BTCUSDT', '2026-01-01T04:00Z', '2026-01-01T04:00Z'),
    ]);
    expect(manifest()).toEqual([
      'BTCUSDT-1m-2025-12-31.zip',
      'BTCUSDT-1m-20260101T0000Z-20260101T0001Z.rest',
      'BTCUSDT-1m-20260101T0400Z-20260101T0400Z.rest',
    ]);
    expect(landedCandles('BTCUSDT')).toHaveLength(1443);
    expect(run.summary).toMatchObject({ pieces: { loaded: 3 }, absentMinutes: 0, rows: 1443 });
  });

  test('asks REST for what a loaded file does not have, and records what neither has, but nothing that may still come', async () => {
    await loaderOn(exchange, landed).load(['BTCUSDT'], '2025-12-31T00:00Z', '2025-12-31T23:59Z');
    exchange.inject({
      kind: 'hole',
      at: 'exchange',
      from: Date.parse('2025-12-31T12:01Z'),
      to: Date.parse('2026-01-01T23:59Z'),
    });
    const run = await loaderOn(exchange, landed).heal([
      gap('BTCUSDT', '2025-12-31T12:00Z', '2025-12-31T12:02Z'),
      gap('BTCUSDT', '2026-01-01T09:50Z', '2026-01-01T09:59Z'),
    ]);
    expect(
      landed.absent.map(({ openTime, asked }) => `${openTime.slice(5, 16)} ${asked}`).toSorted(),
    ).toEqual([
      '01-01T09:50 rest',
      '01-01T09:51 rest',
      '01-01T09:52 rest',
      '01-01T09:53 rest',
      '01-01T09:54 rest',
      '12-31T12:01 rest',
      '12-31T12:02 rest',
    ]);
    expect(run.summary).toMatchObject({ absentMinutes: 7, pieces: { loaded: 1, missing: 0, failed: 0 } });
  });

  test('stops at the bound, oldest first, and leaves the rest for the next run', async () => {
    await loaderOn(exchange, landed).heal(
      [
        gap('BTCUSDT', '2026-01-01T00:00Z', '2026-01-01T00:09Z'),
        gap('ETHUSDT', '2026-01-01T01:00Z', '2026-01-01T01:09Z'),
      ],
      12,
    );
    expect(manifest()).toEqual([
      'BTCUSDT-1m-20260101T0000Z-20260101T0009Z.rest',
      'ETHUSDT-1m-20260101T0100Z-20260101T0101Z.rest',
    ]);
  });

  const ofYesterday = [gap('BTCUSDT', '2025-12-31T12:00Z', '2025-12-31T12:02Z')];
  const zip = 'BTCUSDT-1m-2025-12-31.zip';

  test('goes well by REST where the archive of the day is refused, and warns of the file', async () => {
    exchange.inject({ kind: 'archive', how: 'truncated' });
    const run = await loaderOn(exchange, landed).heal(ofYesterday);
    expect(manifest()).toEqual(['BTCUSDT-1m-20251231T1200Z-20251231T1202Z.rest']);
    expect(run.summary).toMatchObject({ pieces: { loaded: 1, refused: 0, failed: 0 }, problems: [] });
    expect(run.summary.warnings).toMatchObject([{ name: zip }]);
    expect(run.lines).toEqual([
      expect.stringContaining(`warning ${zip}: refused, and REST filled in: expected `),
    ]);
    expect(exitCode(run)).toBe(0);
  });

  test('fails where the archive of the day is refused and minutes stay open', async () => {
    exchange.inject({ kind: 'archive', how: 'truncated' });
    exchange.inject({ kind: 'rest-status', status: 500, path: '/api/v3/klines' });
    const run = await loaderOn(exchange, landed).heal(ofYesterday);
    expect(run.summary).toMatchObject({ pieces: { loaded: 0, refused: 1, failed: 1 }, warnings: [] });
    expect(run.summary.problems.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'failed BTCUSDT-1m-20251231T1200Z-20251231T1202Z.rest',
      `refused ${zip}`,
    ]);
    expect([landed.absent, exitCode(run)]).toEqual([[], 1]);
  });

  test('calls nothing absent that only a refused archive could tell of', async () => {
    exchange.inject({ kind: 'archive', how: 'truncated' });
    exchange.inject({ kind: 'rest-status', status: 400, path: '/api/v3/klines' });
    const run = await loaderOn(exchange, landed).heal(ofYesterday);
    expect(run.summary).toMatchObject({ pieces: { refused: 1, failed: 0 }, absentMinutes: 0 });
    expect([landed.absent, exitCode(run)]).toEqual([[], 1]);
  });
});

describe('the list of symbols', () => {
  test('is landed with the states as they are', async () => {
    exchange.delist('DRV0002USDT');
    const run = await loaderOn(exchange, landed).symbols();
    expect(landed.tables.EXCHANGE_SYMBOLS.map((row) => Object.values(row).join(' '))).toEqual([
      'binance BTCUSDT TRADING BTC USDT 2026-01-01 10:00:30',
      'binance ETHUSDT TRADING ETH USDT 2026-01-01 10:00:30',
      'binance DRV0001USDT TRADING DRV0001 USDT 2026-01-01 10:00:30',
      'binance DRV0002USDT BREAK DRV0002 USDT 2026-01-01 10:00:30',
    ]);
    expect(run.summary).toMatchObject({ pieces: { loaded: 1 }, rows: 4 });
  });

  test('loses a name that is none, with a warning, and no other', async () => {
    const listed = { status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' };
    const symbols = ['BTC\u0000USDT', '', "'; drop table x; --", 'ETHUSDT'].map((symbol) => ({
      symbol,
      ...listed,
    }));
    await using server = await startHttpServer((_, response) => response.end(JSON.stringify({ symbols })));
    const run = await loaderOn(exchange, landed, { rest: server.url }).symbols();
    expect(landed.tables.EXCHANGE_SYMBOLS.map((row) => row['SYMBOL'])).toEqual(['ETHUSDT']);
    expect(run.summary).toMatchObject({
      rows: 1,
      warnings: [{ name: 'exchangeInfo', reason: expect.stringMatching(/^3 left out/) }],
    });
  });
});
