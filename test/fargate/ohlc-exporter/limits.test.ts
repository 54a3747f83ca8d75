import { describe, expect, test } from 'vitest';
import { AttemptLimiter } from '#fargate/ohlc-exporter/attempt-limiter.ts';
import { backoffMs } from '#fargate/ohlc-exporter/backoff.ts';
import { RequestWeight } from '#fargate/ohlc-exporter/request-weight.ts';
import { SymbolDeadlines } from '#fargate/ohlc-exporter/symbol-deadlines.ts';

const budget = (limit = 100) => {
  const clock = { now: 0, slept: [] as number[] };
  const weight = new RequestWeight(
    limit,
    () => clock.now,
    async (ms) => {
      clock.slept.push(ms);
      clock.now += ms;
    },
  );
  return { clock, weight, acquire: async (n: number) => weight.acquire(n, new AbortController().signal) };
};

describe('connection attempts', () => {
  test('never exceed 300 in any five minutes, however many are asked for', () => {
    let now = 0;
    const limiter = new AttemptLimiter(300, 300_000, () => now);
    const made: number[] = [];
    for (let i = 0; i < 2000; i += 1) {
      made.push(now + limiter.reserve());
      now += i % 7 === 0 ? 500 : 0;
    }
    const spans = made.slice(300).map((at, i) => at - (made[i] ?? 0));
    expect(spans.length).toBe(1700);
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(300_000);
    expect(made[299]).toBeLessThan(300_000);
  });

  test('pause twice as long each time, up to the cap, with jitter in the upper half', () => {
    const options = { baseMs: 1000, capMs: 8000 };
    expect([0, 1, 2, 3, 4, 400].map((attempt) => backoffMs(attempt, options, () => 1))).toEqual([
      1000, 2000, 4000, 8000, 8000, 8000,
    ]);
    expect(backoffMs(2, options, () => 0)).toBe(2000);
  });
});

describe('request weight', () => {
  test('stays below four fifths of the limit in a minute and waits for the next one', async () => {
    const { clock, acquire } = budget();
    for (let i = 0; i < 41; i += 1) await acquire(2);
    expect(clock.slept).toEqual([60_000]);
  });

  test('believes the exchange rather than itself: others may use the same address', async () => {
    const { clock, weight, acquire } = budget();
    await acquire(2);
    weight.reported(79);
    expect(weight.used).toBe(79);
    await acquire(2);
    expect(clock.slept).toEqual([60_000]);
  });

  test('sends nothing before the silence that the exchange asked for is over', async () => {
    const { clock, weight, acquire } = budget();
    weight.block(7000);
    await acquire(1);
    expect(clock.now).toBe(7000);
  });
});

describe('the deadline of a closed candle', () => {
  test('passes once, then after growing pauses, until a candle comes', () => {
    let now = 0;
    const deadlines = new SymbolDeadlines(100, () => now);
    deadlines.start('BTCUSDT');
    const dueAt: number[] = [];
    for (; now <= 1600; now += 10) if (deadlines.due().length > 0) dueAt.push(now);
    expect(dueAt).toEqual([100, 200, 400, 800, 1600]);
    expect(deadlines.stale()).toEqual(['BTCUSDT']);
    deadlines.closed('BTCUSDT');
    expect(deadlines.stale()).toEqual([]);
    now += 100;
    expect(deadlines.due()).toEqual(['BTCUSDT']);
  });

  test('once passed, the symbol is followed by other means every minute, however long the stream is not asked', () => {
    let now = 0;
    const deadlines = new SymbolDeadlines(95_000, () => now);
    deadlines.start('BTCUSDT');
    const followedAt: number[] = [];
    for (; now <= 300_000; now += 1000) if (deadlines.toFollow().length > 0) followedAt.push(now / 1000);
    expect(followedAt).toEqual([96, 156, 216, 276]);
    deadlines.closed('BTCUSDT');
    now += 60_000;
    expect(deadlines.toFollow()).toEqual([]);
  });
});
