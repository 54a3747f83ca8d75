import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Candle } from '#domain/candle.ts';
import { LATENCY_STAGES } from '#domain/metrics.ts';
import { endedMinute, eventOf, publishedCandle, recordOf } from '#test/lambdas/prometheus-consumer/events.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { invoke, startInvocation } from './invocation.ts';
import type { Answered } from './invocation.ts';
import { gaugesAmong, gaugesOf, startRealStore } from './real-store.ts';
import type { RealStore } from './real-store.ts';

vi.setConfig({ testTimeout: 180_000 });

const SAMPLES_A_CANDLE = 9 + Object.keys(LATENCY_STAGES).length;

const stack = new AsyncDisposableStack();
let folder = '';
let store: RealStore;
beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
  store = stack.use(await startRealStore(folder));
});
afterAll(() => stack.disposeAsync());

test('C2 the same event twice, and a crash after the write, leave the same state and end in success', async () => {
  const once = minutes('ONCEUSDT', 30);
  expectWhole(await deliver(once));
  const state = await store.samples('ONCEUSDT');
  expect(state.size).toBe(30 * SAMPLES_A_CANDLE);
  expect(gaugesAmong(state)).toEqual(gaugesOf(once));
  expectWhole(await deliver(once));
  expectSame(await store.samples('ONCEUSDT'), state);

  const crashed = minutes('CRASHEDUSDT', 30);
  // the store takes what it is sent, and its answer never comes
  store.link.set({ kind: 'black-hole' }, 'down');
  const { process, answered } = await startInvocation(event(crashed), options());
  await vi.waitFor(async () => expect((await store.samples('CRASHEDUSDT')).size).toBe(30 * 9), {
    timeout: 30_000,
    interval: 50,
  });
  await Promise.all([process.stop('SIGKILL'), expect(answered).rejects.toThrow('SIGKILL')]);
  store.link.reset();
  store.link.clear();
  expectWhole(await deliver(crashed));
  const mended = await store.samples('CRASHEDUSDT');
  expect(gaugesAmong(mended)).toEqual(gaugesOf(crashed));
  expect(mended.size).toBe(30 * SAMPLES_A_CANDLE);
  expectWhole(await deliver(crashed));
  expectSame(await store.samples('CRASHEDUSDT'), mended);
});

test('C10 two invocations over one partition at once leave the state that one leaves', async () => {
  const all = minutes('TWICEUSDT', 40);
  // both are on their way before the store has heard of either
  store.link.set({ kind: 'delay', ms: 100 });
  const started = await Promise.all(
    [all.slice(0, 30), all.slice(10)].map((some) => startInvocation(event(some), options())),
  );
  const answers = await Promise.all(started.map(({ answered }) => answered));
  store.link.clear();
  expect(Math.max(...store.link.history), 'both wrote at the same time').toBeGreaterThanOrEqual(2);
  for (const answer of answers) expectWhole(answer);
  const state = await store.samples('TWICEUSDT');
  expect(gaugesAmong(state)).toEqual(gaugesOf(all));
  expect(state.size).toBe(40 * SAMPLES_A_CANDLE);
  expectWhole(await deliver(all));
  expectSame(await store.samples('TWICEUSDT'), state);
});

/** A symbol's minutes, oldest first, each with a price of its own. */
function minutes(symbol: string, count: number): readonly Candle[] {
  return Array.from({ length: count }, (_, index) => {
    const price = `112740.0000000${index % 10}`;
    return publishedCandle(endedMinute(count - index), symbol, { open: price, close: price });
  });
}

function event(candles: readonly Candle[]) {
  return eventOf(...candles.map((candle, offset) => recordOf(candle, offset)));
}

function options() {
  return { remoteWriteUrl: store.remoteWriteUrl, folder };
}

function deliver(candles: readonly Candle[]): Promise<Answered> {
  return invoke(event(candles), options());
}

/**
 * The same samples, and the candles' own numbers with the same values. Of latencies a delivery has its own, and a store
 * that takes samples out of order shows those of either.
 */
function expectSame(now: ReadonlyMap<string, string>, before: ReadonlyMap<string, string>): void {
  expect([...now.keys()].toSorted(byText)).toEqual([...before.keys()].toSorted(byText));
  expect(gaugesAmong(now)).toEqual(gaugesAmong(before));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function expectWhole({ handedBack, report }: Answered): void {
  expect(handedBack, report.gaveUp).toEqual([]);
  expect([report.refused, report.unsent, report.keptAside]).toEqual([{}, 0, 0]);
}
