import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { MAX_QUEUED_CANDLES } from '#fargate/ohlc-exporter/candle-publisher.ts';
import { onOneBroker } from './stand.ts';

vi.setConfig({ testTimeout: 480_000 });

const { cluster, startRun } = onOneBroker();
const { publishQueue, intakePaused } = EXPORTER_METRICS;

/** From SIGTERM to SIGKILL on Fargate. */
const STOP_TIMEOUT_MS = 30_000;

test('A10 SIGTERM with Kafka gone or frozen ends the exporter within the stop time-out, and the next start fills', async () => {
  const [node] = cluster().nodes;
  if (node === undefined) throw new Error('expected a broker');
  // 30 s of the exporter's time are 6 s of the machine's.
  await using run = await startRun({ speed: 5, exchange: { closeLagMs: 0 } });
  for (const how of ['gone', 'frozen'] as const) {
    const exporter = await run.exporter();
    await run.minutes(1);
    if (how === 'gone') await node.kill();
    else node.freeze();
    await run.minutes(1);
    const askedAt = run.clock.now();
    exporter.kill('SIGTERM');
    expect(await exporter.exited).toBe('exit code 0');
    expect(run.clock.now() - askedAt).toBeLessThan(STOP_TIMEOUT_MS);
    expect(exporter.log()).toMatch(/"event":"unflushed","candles":[1-9]/);
    if (how === 'gone') await node.startAgain();
    else node.thaw();
  }
  await run.exporter();
  await run.minutes(1);
  await run.nothingLost({ withinMs: 60_000 });
});

const SYMBOLS = 1900;
const AWAY_MINUTES = 12;
/** The queue's 20,000 candles are said to take 20 MB; with what collecting garbage leaves until then. */
const MOST_GROWTH_BYTES = 150 * 1024 * 1024;

test('A12 Kafka down for 10 minutes costs bounded memory: the queue fills, intake pauses and says so, and the hole is filled', async () => {
  const [node] = cluster().nodes;
  if (node === undefined) throw new Error('expected a broker');
  await using run = await startRun({
    // Its patience with a broker is an eighth of its own then, which a busy machine still keeps to.
    speed: 8,
    symbols: SYMBOLS,
    lookback: '2m',
    exchange: { updates: false },
  });
  const exporter = await run.exporter();
  await run.minutes(3);
  await run.nothingLost({ withinMs: 60_000 });

  const before = residentBytes(exporter.pid);
  let most = before;
  await node.kill();
  for (let minute = 0; minute < AWAY_MINUTES; minute++) {
    await run.wait(MINUTE_MS);
    most = Math.max(most, residentBytes(exporter.pid));
  }
  expect(await exporter.metric(publishQueue.name)).toBe(MAX_QUEUED_CANDLES);
  expect(await exporter.metric(intakePaused.name)).toBe(1);
  expect(exporter.log()).toContain('"event":"intake-paused"');
  expect(most - before, 'growth of the resident memory').toBeLessThan(MOST_GROWTH_BYTES);
  console.log(`A12: resident ${mega(before)} MB before, ${mega(most)} MB at most`);

  await node.startAgain();
  await vi.waitFor(async () => expect(await exporter.metric(intakePaused.name)).toBe(0), {
    timeout: 60_000,
    interval: 500,
  });
  await run.nothingLost({ withinMs: 180_000 });
});

function residentBytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return pages * 4096;
}

function mega(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
