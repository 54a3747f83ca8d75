import { expect, test } from 'vitest';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { answers } from '#test/fargate/ohlc-exporter/exporter-process.ts';
import { onOneBroker } from '#test/faults/a-exporter/stand.ts';
import { sampleMemory } from './memory.ts';

const HOUR_MS = 3_600_000;
const HOURS = 25;
/** A minute in a second: the exporter's own time-outs are then still longer than a busy machine's pauses. */
const SPEED = 60;
/**
 * What it lives on is some 21 MB. Node lets a heap grow before it collects, so the resident memory says little: a heap of
 * this size is full, and ends the process, when each frame leaks 300 bytes.
 */
const HEAP_MB = 64;

const { startRun } = onOneBroker();

test('a day and an hour of the exporter: its connection is replaced, symbols are asked for each hour, the clock jumps, and a small heap is enough', async () => {
  await using run = await startRun({ speed: SPEED, symbols: 3, startMs: Date.now() - (HOURS + 2) * HOUR_MS });
  const exporter = await run.exporter({ clock: { shiftMs: 90_000, shiftOnSignal: true }, heapMb: HEAP_MB });
  using memory = sampleMemory({ exporter: () => exporter.pid });
  const asked = () => run.exchange.stats.restRequests['/api/v3/exchangeInfo'] ?? 0;
  const askedAtStart = asked();

  await run.wait((HOURS / 2) * HOUR_MS);
  exporter.kill('SIGUSR2');
  await run.wait((HOURS / 2) * HOUR_MS);

  const { closed } = await run.nothingLost({ withinMs: 120_000 });
  expect(closed).toBeGreaterThan(3 * (HOURS - 1) * 60);
  // On a busy machine a pause of the run's seconds may have renewed the connection before its age did: never did the exchange.
  const renewed = await exporter.metric(EXPORTER_METRICS.rotations.name);
  expect(renewed + (await exporter.metric(EXPORTER_METRICS.reconnects.name))).toBeGreaterThanOrEqual(1);
  expect(await exporter.metric(EXPORTER_METRICS.reconnects.name, 'reason="closed"')).toBe(0);
  expect(asked() - askedAtStart).toBeGreaterThanOrEqual(HOURS - 2);
  const [resident] = memory.summary();
  console.log(`a day: ${closed} candles, ${JSON.stringify(resident)}`);
  expect(await answers(exporter.url), 'the exporter that was started lives').toBe(true);
}, 2_400_000);
