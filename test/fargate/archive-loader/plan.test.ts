import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf, pathOf } from '#fargate/archive-loader/piece.ts';
import type { Piece } from '#fargate/archive-loader/piece.ts';
import { Manifest } from '#fargate/archive-loader/manifest.ts';
import { lastSettledMs, planPieces } from '#fargate/archive-loader/plan.ts';
import { holesIn, minutesIn, without } from '#fargate/archive-loader/spans.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const BASE = Date.parse('2024-11-15T00:00:00Z');

/** Any minute of about four months. */
const minute = fc.integer({ min: 0, max: 120 * 1440 }).map((n) => BASE + n * MINUTE);
const moment = fc.tuple(minute, fc.integer({ min: 0, max: 59_999 })).map(([ms, rest]) => ms + rest);
const span = fc.tuple(minute, minute).map(([a, b]) => ({ firstMs: Math.min(a, b), lastMs: Math.max(a, b) }));

function names(from: string, to: string, now: string): readonly string[] {
  const range = { firstMs: Date.parse(from), lastMs: Date.parse(to) };
  return planPieces('BTCUSDT', range, Date.parse(now)).map(nameOf);
}

describe('the plan', () => {
  test('takes months that are over whole, days beside them, and REST for the day that is not over', () => {
    expect(names('2025-01-30T00:00Z', '2025-04-02T12:00Z', '2025-04-02T12:10Z')).toEqual([
      'BTCUSDT-1m-2025-01-30.zip',
      'BTCUSDT-1m-2025-01-31.zip',
      'BTCUSDT-1m-2025-02.zip',
      'BTCUSDT-1m-2025-03.zip',
      'BTCUSDT-1m-2025-04-01.zip',
      'BTCUSDT-1m-20250402T0000Z-20250402T1200Z.rest',
    ]);
  });

  test('leaves the youngest minutes to the stream, and nothing is planned of what has not settled', () => {
    expect(names('2025-04-02T11:00Z', '2025-04-02T12:10Z', '2025-04-02T12:10:59Z')).toEqual([
      'BTCUSDT-1m-20250402T1100Z-20250402T1204Z.rest',
    ]);
    expect(names('2025-04-02T12:05Z', '2025-04-02T12:10Z', '2025-04-02T12:10:59Z')).toEqual([]);
    expect(names('2025-05-01T00:00Z', '2025-05-02T00:00Z', '2025-04-02T12:10Z')).toEqual([]);
  });

  test('asks for a day by REST until its last minutes have settled', () => {
    expect(names('2025-04-01T00:00Z', '2025-04-01T23:59Z', '2025-04-02T00:04:59Z')).toEqual([
      'BTCUSDT-1m-20250401T0000Z-20250401T2358Z.rest',
    ]);
    expect(names('2025-04-01T00:00Z', '2025-04-01T23:59Z', '2025-04-02T00:05:00Z')).toEqual([
      'BTCUSDT-1m-2025-04-01.zip',
    ]);
  });

  test('covers every settled minute that was asked for once, and beyond them only whole days that are over', () => {
    const seen = { archive: 0, rest: 0 };
    fc.assert(
      fc.property(span, moment, (asked, nowMs) => {
        const pieces = planPieces('BTCUSDT', asked, nowMs);
        const lastMs = Math.min(asked.lastMs, lastSettledMs(nowMs));
        const wanted = asked.firstMs <= lastMs ? [{ firstMs: asked.firstMs, lastMs }] : [];
        const covered = pieces.flatMap((piece) => [...minutesIn([piece])]);
        const beyond = covered.filter((ms) => ms < asked.firstMs || ms > lastMs);
        // ascending, and each once
        expect(covered.filter((ms, i) => i > 0 && ms <= (covered[i - 1] ?? 0))).toEqual([]);
        expect(covered.filter((ms) => asked.firstMs <= ms && ms <= lastMs)).toEqual([...minutesIn(wanted)]);
        expect(beyond.filter((ms) => ms >= nowMs || ms < asked.firstMs - DAY || ms > lastMs + DAY)).toEqual(
          [],
        );
        const rest = pieces.filter((piece) => piece.kind === 'rest');
        expect(rest.flatMap((piece) => without(piece, wanted))).toEqual([]);
        seen.archive += pieces.length - rest.length;
        seen.rest += rest.length;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(seen.archive, seen.rest)).toBeGreaterThan(5);
  });

  test('names files where the archive has them', () => {
    const [month, day] = [
      planPieces('BTCUSDT', { firstMs: BASE, lastMs: BASE + 60 * DAY }, BASE + 90 * DAY).find(isMonthly),
      planPieces('币安人生USDT', { firstMs: BASE, lastMs: BASE }, BASE + 90 * DAY)[0],
    ];
    expect([month, day].map((piece) => (piece?.kind === 'archive' ? pathOf(piece) : undefined))).toEqual([
      '/data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-12.zip',
      `/data/spot/daily/klines/${encodeURIComponent('币安人生USDT')}/1m/${encodeURIComponent('币安人生USDT-1m-2024-11-15.zip')}`,
    ]);
  });
});

function isMonthly(piece: Piece): boolean {
  return piece.kind === 'archive' && piece.granularity === 'monthly';
}

function loaded(fileName: string, granularity: 'daily' | 'monthly' | 'rest', from: string, to: string) {
  const [firstMs, lastMs] = [Date.parse(from), Date.parse(to)];
  return { fileName, symbol: 'BTCUSDT', granularity, sha256: '0', firstMs, lastMs };
}

function outstanding(files: Manifest, from: string, to: string, now: string): readonly string[] {
  return planPieces('BTCUSDT', { firstMs: Date.parse(from), lastMs: Date.parse(to) }, Date.parse(now))
    .flatMap((piece) => files.outstanding(piece))
    .map(nameOf);
}

describe('the manifest', () => {
  test('leaves out files that are loaded, days of a loaded month, and a month of which every day is loaded', () => {
    const month = new Manifest([
      loaded('BTCUSDT-1m-2025-02.zip', 'monthly', '2025-02-01T00:00Z', '2025-02-28T23:59Z'),
    ]);
    expect(outstanding(month, '2025-02-01T00:00Z', '2025-03-01T23:59Z', '2025-04-01T12:00Z')).toEqual([
      'BTCUSDT-1m-2025-03-01.zip',
    ]);
    expect(outstanding(month, '2025-02-27T00:00Z', '2025-02-28T23:59Z', '2025-04-01T12:00Z')).toEqual([]);
    const days = Array.from({ length: 28 }, (_, i) => {
      const day = `2025-02-${String(i + 1).padStart(2, '0')}`;
      return loaded(`BTCUSDT-1m-${day}.zip`, 'daily', `${day}T00:00Z`, `${day}T23:59Z`);
    });
    const range = ['2025-02-01T00:00Z', '2025-02-28T23:59Z', '2025-04-01T12:00Z'] as const;
    expect(outstanding(new Manifest(days), ...range)).toEqual([]);
    expect(outstanding(new Manifest(days.slice(1)), ...range)).toEqual(['BTCUSDT-1m-2025-02.zip']);
  });

  test('takes off a range what was loaded of it, but lets the archive say the last word over REST', () => {
    const rest = new Manifest([loaded('x', 'rest', '2025-04-01T10:00Z', '2025-04-01T10:59Z')]);
    expect(outstanding(rest, '2025-04-01T09:00Z', '2025-04-01T11:30Z', '2025-04-01T12:00Z')).toEqual([
      'BTCUSDT-1m-20250401T0900Z-20250401T0959Z.rest',
      'BTCUSDT-1m-20250401T1100Z-20250401T1130Z.rest',
    ]);
    expect(outstanding(rest, '2025-04-01T09:00Z', '2025-04-01T11:30Z', '2025-04-02T12:00Z')).toEqual([
      'BTCUSDT-1m-2025-04-01.zip',
    ]);
  });
});

describe('spans', () => {
  const short = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 10 }))
    .map(([first, length]) => ({ firstMs: first * MINUTE, lastMs: (first + length) * MINUTE }));

  test('without others keep exactly the minutes that are in none of them', () => {
    fc.assert(
      fc.property(short, fc.array(short, { maxLength: 5 }), (one, others) => {
        const taken = new Set(minutesIn(others));
        expect([...minutesIn(without(one, others))]).toEqual(
          [...minutesIn([one])].filter((ms) => !taken.has(ms)),
        );
      }),
    );
  });

  test('have as holes exactly the minutes that are not there', () => {
    fc.assert(
      fc.property(short, fc.uniqueArray(fc.integer({ min: 0, max: 55 })), (one, present) => {
        const times = present.map((n) => n * MINUTE).toSorted((a, b) => a - b);
        expect([...minutesIn(holesIn(one, times))]).toEqual(
          [...minutesIn([one])].filter((ms) => !times.includes(ms)),
        );
      }),
    );
  });
});
