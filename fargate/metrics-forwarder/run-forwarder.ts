import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import type { ForwarderConfig } from './env.ts';
import { createForwarder } from './forwarder.ts';
import { scrapeMetrics } from './scrape.ts';
import { createTally } from './tally.ts';
import type { Log } from './tally.ts';
import { taskName } from './task-name.ts';

/** Round after round until it is stopped. */
export async function runForwarder(config: ForwarderConfig, log: Log, stopped: AbortSignal): Promise<void> {
  const task = await taskName(config.task);
  const forwarder = createForwarder(
    { job: config.job, task },
    {
      ...createRemoteWrite(config.remoteWriteUrl, config.auth, 'metrics-forwarder'),
      scrape: () => scrapeMetrics(config.metricsUrl),
      now: Date.now,
      sleep: (ms) => sleep(ms),
      random: Math.random,
    },
  );
  const tally = createTally(log);
  log('info', 'started', { task, job: config.job, intervalMs: config.intervalMs });
  let nextMs = Date.now();
  while (!stopped.aborted) {
    nextMs += config.intervalMs;
    // oxlint-disable-next-line no-await-in-loop -- one round after the other
    tally.add(await forwarder.round(nextMs - ROUND_MARGIN_MS));
    nextMs = Math.max(nextMs, Date.now());
    // oxlint-disable-next-line no-await-in-loop -- the interval, cut short by the end
    await sleep(nextMs - Date.now(), undefined, { signal: stopped }).catch(() => undefined);
  }
  tally.add(await forwarder.close(Date.now() + CLOSE_MS));
  tally.close();
}

/** So that a receiver that hangs does not put off the next round. */
const ROUND_MARGIN_MS = 1_000;

/** ECS waits 30 s and more before it kills. */
const CLOSE_MS = 5_000;
