import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { Coverage } from '#fargate/ohlc-exporter/coverage.ts';
import { RestingMinutes } from '#fargate/ohlc-exporter/resting-minutes.ts';
import { candleAt } from '#test/candles.ts';

const at = (minute: number) => minute * MINUTE_MS;
const none: ReadonlySet<number> = new Set();

function watching(from = 100, head = 100, acknowledged: readonly number[] = [100]) {
  const coverage = new Coverage();
  coverage.watch('BTCUSDT', at(from), at(head), new Set(acknowledged.map(at)));
  return coverage;
}

describe('holes', () => {
  test('are the minutes of the lookback that Kafka does not hold, the newest first', () => {
    expect(watching(100, 109, [100, 101, 104, 105, 108]).holes()).toEqual([
      { symbol: 'BTCUSDT', fromMs: at(109), toMs: at(109) },
      { symbol: 'BTCUSDT', fromMs: at(106), toMs: at(107) },
      { symbol: 'BTCUSDT', fromMs: at(102), toMs: at(103) },
    ]);
  });

  test('cover everything where Kafka holds nothing', () => {
    expect(watching(100, 159, []).holes()).toEqual([{ symbol: 'BTCUSDT', fromMs: at(100), toMs: at(159) }]);
  });

  test('show in the live stream as a jump', () => {
    const coverage = watching();
    expect(coverage.take(candleAt(at(104)))).toEqual({ kind: 'new', holeFound: 3, filled: false });
    expect(coverage.holes()).toEqual([{ symbol: 'BTCUSDT', fromMs: at(101), toMs: at(103) }]);
  });

  test('show in the clock where the stream was away', () => {
    const coverage = watching();
    expect(coverage.expectUpTo('BTCUSDT', at(102))).toBe(2);
    expect(coverage.expectUpTo('BTCUSDT', at(102))).toBe(0);
    expect(coverage.take(candleAt(at(102)))).toEqual({ kind: 'new', holeFound: 0, filled: true });
  });

  test('open again when a candle could not be queued', () => {
    const coverage = watching();
    const candle = candleAt(at(101));
    coverage.take(candle);
    coverage.giveBack(candle);
    expect(coverage.holes()).toEqual([{ symbol: 'BTCUSDT', fromMs: at(101), toMs: at(101) }]);
    expect(coverage.take(candle)).toMatchObject({ kind: 'new', filled: true });
  });
});

test('the newest candle that came is told by when it closed, whatever came later or is missing', () => {
  const coverage = watching();
  expect([...coverage.newestClosedMs()]).toEqual([]);
  for (const minute of [104, 102, 104]) coverage.take(candleAt(at(minute)));
  coverage.expectUpTo('BTCUSDT', at(110));
  expect([...coverage.newestClosedMs()]).toEqual([['BTCUSDT', at(105) - 1]]);
  coverage.forget('BTCUSDT');
  expect([...coverage.newestClosedMs()]).toEqual([]);
});

describe('A5 candles that come twice, late or out of order', () => {
  test('are taken once each, in any order, and leave exactly the missing minutes as holes', () => {
    const minutes = fc.array(fc.integer({ min: 101, max: 160 }), { maxLength: 120 });
    fc.assert(
      fc.property(minutes, (arriving) => {
        const coverage = watching();
        const taken = arriving.filter((minute) => coverage.take(candleAt(at(minute))).kind === 'new');
        expect(taken.toSorted((a, b) => a - b)).toEqual([...new Set(arriving)].toSorted((a, b) => a - b));
        const newest = Math.max(100, ...arriving);
        const holes = coverage
          .holes()
          .flatMap(({ fromMs, toMs }) => range(fromMs / MINUTE_MS, toMs / MINUTE_MS));
        expect(holes.toSorted((a, b) => a - b)).toEqual(
          range(101, newest)
            .filter((minute) => !arriving.includes(minute))
            .toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

describe('A6 the same minute with other values', () => {
  test('is a correction; with the same values, trailing zeros aside, a duplicate', () => {
    const coverage = watching();
    coverage.take(candleAt(at(101)));
    expect(coverage.take(candleAt(at(101), 'BTCUSDT', { source: 'rest', close: '112749.7200' }))).toEqual({
      kind: 'duplicate',
    });
    expect(coverage.take(candleAt(at(101), 'BTCUSDT', { source: 'rest', close: '112749.71' }))).toEqual({
      kind: 'correction',
    });
    expect(coverage.take(candleAt(at(101), 'BTCUSDT', { trades: 1 }))).toEqual({ kind: 'correction' });
  });
});

test('a record in Kafka that lies days ahead declares nothing missing', () => {
  const coverage = watching(100, 100, [100, 100 + 5 * 24 * 60]);
  expect(coverage.missingCount()).toBe(0);
  expect(coverage.take(candleAt(at(101)))).toMatchObject({ kind: 'new', holeFound: 0 });
});

test('asking about a symbol that is not watched is a bug and says so', () => {
  expect(() => new Coverage().take(candleAt(at(1)))).toThrow('expected a watched symbol, got BTCUSDT');
});

describe('A7 a minute that the exchange does not have either', () => {
  test('stays missing, and is asked for again after growing pauses', () => {
    const coverage = watching(100, 102, [100]);
    const resting = new RestingMinutes();
    const hole = { symbol: 'BTCUSDT', fromMs: at(101), toMs: at(102) };
    const asked: number[] = [];
    for (let now = 0; now < 600_000; now += 1000) {
      if (resting.without(coverage.holes(), now, at(200)).length === 0) continue;
      asked.push(now);
      resting.rest('BTCUSDT', [hole.fromMs, hole.toMs], now);
    }
    const gaps = asked.slice(1).map((time, i) => time - (asked[i] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(3);
    expect(gaps.length).toBeLessThanOrEqual(8);
    expect(gaps.at(-1)).toBeGreaterThan(100_000);
    expect(resting.count((symbol, openMs) => coverage.isMissing(symbol, openMs))).toBe(2);
    coverage.take(candleAt(at(101)));
    resting.clean((symbol, openMs) => coverage.isMissing(symbol, openMs));
    expect(resting.count(() => true)).toBe(1);
  });

  test('does not keep its neighbours waiting, nor does one that has just closed', () => {
    const coverage = watching(100, 105, [100]);
    const resting = new RestingMinutes();
    resting.rest('BTCUSDT', [at(103)], 0);
    const settledMs = at(105) + MINUTE_MS - 1;
    expect(resting.without(coverage.holes(), 1, settledMs)).toEqual([
      { symbol: 'BTCUSDT', fromMs: at(104), toMs: at(104) },
      { symbol: 'BTCUSDT', fromMs: at(101), toMs: at(102) },
    ]);
  });
});

test('forgetting a symbol tells what was still missing', () => {
  expect(watching(100, 105, [100]).forget('BTCUSDT')).toBe(5);
  const coverage = new Coverage();
  expect(coverage.watch('ETHUSDT', at(1), at(3), none)).toBe(3);
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

test('a candle from before the watch began is published rather than taken for known', () => {
  const coverage = watching();
  expect(coverage.take(candleAt(at(40)))).toEqual({ kind: 'new', holeFound: 0, filled: false });
  expect(coverage.take(candleAt(at(40)))).toEqual({ kind: 'duplicate' });
  expect(coverage.missingCount()).toBe(0);
});
