import { expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import type { ExporterRun } from '#test/faults/harness/exporter-run.ts';
import { faultSeed, randomFrom } from '#test/faults/fuzz/random.ts';
import { onOneBroker, wasResent } from './stand.ts';

vi.setConfig({ testTimeout: 240_000 });

const { startRun } = onOneBroker();
const rotations = EXPORTER_METRICS.rotations.name;
const reconnects = EXPORTER_METRICS.reconnects.name;

/** The matrix's word: a drop is over within 5 s. */
const BACK_WITHIN_MS = 5000;

const DROPS = 5;

test('A1 a socket that is closed, told to go, or a day old is replaced before or within 5 s, and costs no candle', async () => {
  const random = randomFrom(faultSeed('A1'));
  // Slow enough that 5 s of the exchange's time are enough for two processes on a busy machine.
  await using run = await startRun({ speed: 4, exchange: { closeLagMs: 0 } });
  const { exchange, streamLink } = run;
  const exporter = await run.exporter();
  for (let drop = 0; drop < DROPS; drop++) {
    // The first one just before a minute closes, so that its candle is not seen.
    if (drop === 0) await run.wait(MINUTE_MS - (run.clock.now() % MINUTE_MS) - 300);
    else await run.wait(random.below(8000));
    const droppedAt = run.clock.now();
    const before = exchange.stats.handshakes;
    exchange.inject(random.once(2) ? { kind: 'drop' } : { kind: 'drop', code: 1001 });
    await vi.waitFor(() => expect(exchange.stats.handshakes).toBeGreaterThan(before), {
      timeout: 10_000,
      interval: 2,
    });
    expect(run.clock.now() - droppedAt).toBeLessThan(BACK_WITHIN_MS);
    await vi.waitFor(() => expect(exchange.connections()).toBe(1), { timeout: 10_000, interval: 2 });
  }
  expect(await exporter.metric(reconnects, 'reason="closed"')).toBe(DROPS);
  await run.nothingLost();
  expect(
    (await run.inKafka()).some(
      ({ source, openTime }) => source === 'rest' && Date.parse(openTime) >= run.time.startMs - MINUTE_MS,
    ),
  ).toBe(true);

  const since = streamLink.history.length;
  exchange.inject({ kind: 'shutdown' });
  await vi.waitFor(async () => expect(await exporter.metric(rotations, 'reason="server-shutdown"')).toBe(1), {
    timeout: 20_000,
  });
  await vi.waitFor(() => expect(streamLink.history.slice(since)).toEqual([2, 1]), { timeout: 20_000 });
  await exporter.stop();

  // 24 hours: those of the exporter pass in seconds, and the exchange would cut what is older than a day.
  await using aging = await run.exporter({ clock: { hoursMs: 5000 } });
  const sinceAging = streamLink.history.length - 1;
  await vi.waitFor(
    async () => expect(await aging.metric(rotations, 'reason="age"')).toBeGreaterThanOrEqual(3),
    { timeout: 40_000 },
  );
  expect(Math.min(...streamLink.history.slice(sinceAging)), 'open connections, at the least').toBe(1);
  expect(await aging.metric(reconnects)).toBe(0);
  // What both sockets brought is there once: the other one's was dropped by its key.
  const { duplicates } = await run.nothingLost();
  expect(wasResent(exporter) || wasResent(aging) ? 0 : duplicates).toBe(0);
});

test('A2 a socket that stays open and says nothing, or nothing of one symbol, is noticed and replaced', async () => {
  await using run = await startRun({ speed: 20 });
  const { exchange, streamLink } = run;
  const exporter = await run.exporter();

  // Each begins when a candle has just closed: then silence is noticed before a symbol's deadline.
  await run.minutes(1);
  // Half open: nothing comes, not even pings, and nothing is refused.
  streamLink.set({ kind: 'black-hole' }, 'down');
  await vi.waitFor(async () => expect(await exporter.metric(reconnects, 'reason="silent"')).toBe(1), {
    timeout: 30_000,
  });
  streamLink.clear();
  await settled(run);

  // The exchange answers no pings.
  await run.minutes(1);
  exchange.inject({ kind: 'stall', connections: 'open', pongs: false });
  await vi.waitFor(async () => expect(await exporter.metric(reconnects, 'reason="silent"')).toBe(2), {
    timeout: 30_000,
  });
  await settled(run);

  // Pings are answered, and no data comes.
  await run.minutes(1);
  exchange.inject({ kind: 'stall', connections: 'open' });
  await vi.waitFor(async () => expect(await exporter.metric(reconnects, 'reason="silent"')).toBe(3), {
    timeout: 30_000,
  });
  await settled(run);

  // One symbol's closed candles stay away, the other's come.
  exchange.inject({ kind: 'stall', connections: 'open', symbols: ['ETHUSDT'] });
  await vi.waitFor(async () => expect(await exporter.metric(rotations, 'reason="symbol-deadline"')).toBe(1), {
    timeout: 30_000,
  });
  await settled(run);
  expect(await exporter.metric(reconnects, 'reason="silent"')).toBe(3);
});

test('A3 a drop after the first rotation, and after the second, is mended like any other', async () => {
  await using run = await startRun({ speed: 20 });
  const { exchange } = run;
  const exporter = await run.exporter();
  for (const round of [1, 2]) {
    const opened = exchange.stats.handshakes;
    exchange.inject({ kind: 'shutdown' });
    await vi.waitFor(
      async () => expect(await exporter.metric(rotations, 'reason="server-shutdown"')).toBe(round),
      { timeout: 20_000 },
    );
    // Until the next socket is there and the former one is gone.
    await vi.waitFor(
      () => expect([exchange.stats.handshakes, exchange.connections()]).toEqual([opened + 1, 1]),
      { timeout: 20_000 },
    );
    const before = exchange.stats.handshakes;
    exchange.inject({ kind: 'drop' });
    await vi.waitFor(() => expect(exchange.stats.handshakes).toBe(before + 1), { timeout: 20_000 });
    expect(await exporter.metric(reconnects, 'reason="closed"')).toBe(round);
    await settled(run);
  }
});

/** Two minutes on, the stream brings candles again, and what it did not bring is there too. */
async function settled(run: ExporterRun): Promise<void> {
  await run.minutes(2);
  const from = new Date(run.clock.now() - 2 * MINUTE_MS).toISOString();
  await run.nothingLost();
  await vi.waitFor(
    async () => {
      const live = (await run.inKafka()).filter(
        ({ source, openTime }) => source === 'websocket' && openTime >= from,
      );
      expect(new Set(live.map(({ symbol }) => symbol))).toEqual(new Set(['BTCUSDT', 'ETHUSDT']));
    },
    { timeout: 20_000 },
  );
}
