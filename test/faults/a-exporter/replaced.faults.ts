import { expect, test, vi } from 'vitest';
import { onOneBroker } from './stand.ts';

vi.setConfig({ testTimeout: 120_000 });

const { startRun } = onOneBroker();

test('A11 two exporters at once, as in a rolling deployment, make duplicates only', async () => {
  await using run = await startRun();
  const first = await run.exporter();
  await run.minutes(1);
  const second = await run.exporter();
  await run.minutes(2);
  first.kill('SIGTERM');
  expect(await first.exited).toBe('exit code 0');
  await run.minutes(2);
  // What both wrote is the same: one candle per key is left, whichever copy is taken.
  expect((await run.nothingLost()).duplicates).toBeGreaterThan(0);
  expect(second.log()).not.toContain('"level":"ERROR"');
});
