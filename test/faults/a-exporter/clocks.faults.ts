import { expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Candle } from '#domain/candle.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import type { ExporterRun } from '#test/faults/harness/exporter-run.ts';
import { onOneBroker } from './stand.ts';

vi.setConfig({ testTimeout: 240_000 });

const { startRun } = onOneBroker();

const OFF_MS = 2 * MINUTE_MS;
/** Of the measurement through a REST request, in the exchange's time. */
const TOLERANCE_MS = 15_000;

test('A13 a local clock two minutes off, a step of it and the end of summer time change no candle, and the offset is known', async () => {
  // An hour before the clocks of Berlin go back: its 02:00 comes twice within this run.
  await using run = await startRun({ startMs: Date.parse('2026-10-25T00:58:20Z') });
  for (const [shiftMs, isSlow] of [
    [-OFF_MS, true],
    [OFF_MS, false],
  ] as const) {
    const exporter = await run.exporter({ env: { TZ: 'Europe/Berlin' }, clock: { shiftMs } });
    const sinceMs = run.clock.now();
    await run.minutes(3);
    await run.nothingLost();
    // The exchange's clock minus ours.
    const offsetMs = (await exporter.metric(EXPORTER_METRICS.clockOffset.name)) * 1000;
    expect(Math.abs(offsetMs + shiftMs)).toBeLessThan(TOLERANCE_MS);
    const latencies = await networkLatencies(run, sinceMs);
    expect(latencies.length).toBeGreaterThan(3);
    // A clock behind makes them negative: they are kept as they are, for the metrics and not clipped to 0.
    for (const latencyMs of latencies) expect(latencyMs < -MINUTE_MS).toBe(isSlow);
    await exporter.stop();
  }

  const exporter = await run.exporter({ clock: { shiftMs: -OFF_MS, shiftOnSignal: true } });
  await run.minutes(1);
  exporter.kill('SIGUSR2');
  await run.minutes(3);
  await run.nothingLost();
  await vi.waitFor(
    async () => {
      const offsetMs = (await exporter.metric(EXPORTER_METRICS.clockOffset.name)) * 1000;
      expect(Math.abs(offsetMs - OFF_MS)).toBeLessThan(TOLERANCE_MS);
    },
    { timeout: 20_000 },
  );
});

/** Arrival by the local clock minus the exchange's event time, of the candles of the stream. */
async function networkLatencies(run: ExporterRun, sinceMs: number): Promise<readonly number[]> {
  return (await run.inKafka())
    .filter((candle): candle is Candle & { eventTime: string } => candle.eventTime !== undefined)
    .filter(({ eventTime }) => Date.parse(eventTime) >= sinceMs)
    .map(({ eventTime, receivedTime }) => Date.parse(receivedTime) - Date.parse(eventTime));
}
