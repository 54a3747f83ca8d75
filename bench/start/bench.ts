import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { CHROMIUM } from '#local/setup/chromium.ts';
import { BATCH_STEPS, START_STEPS } from '#local/setup/steps.ts';
import { startPipeline } from './pipeline.ts';

/** For the candles of the last hour to be in every store, and not in Kafka alone. */
const SETTLE_MS = 15_000;

export const bench = {
  name: 'start',
  what:
    '`npm start -- --replay`, everything installed, with the warehouse half as by default, until Chromium shows the price of the live candle ' +
    "through exchange, exporter, Kafka, consumer and Prometheus, equal to the exchange's. Live is, at the pace of the clock, the candle of the minute " +
    'that closed last before the start; at 30 times the pace, where one closes every 2 s, the first that closes while the page is being looked at.',
  unit: 'starts',
  cases: [
    caseOf('empty data folder', { again: 0, speed: 1, batch: 1 }),
    caseOf('again, on the data of a run before', { again: 1, speed: 1, batch: 1 }),
    caseOf('empty data folder, at 30 times the pace', { again: 0, speed: 30, batch: 1 }),
  ],
  quickCases: [
    caseOf('empty data folder, live half, at 30 times the pace', { again: 0, speed: 30, batch: 0 }),
  ],
  figures: [
    { key: 'openSeconds', title: 'seconds to "open http://…"', digits: 1 },
    { key: 'firstSeconds', title: 'to the first price', digits: 1 },
    { key: 'wallSeconds', title: 'to the live candle', digits: 1 },
  ],
  needs: [...START_STEPS, ...BATCH_STEPS, CHROMIUM],
  contestants: [{ name: 'npm start', command: ['node', 'ours.ts'], pinned: false }],
  goals: [{ kind: 'bound', of: 'npm start', figure: 'wallSeconds', atMost: 30, unit: 's' }],
  setUp: async ({ work }, { folder }) => {
    const data = join(folder, 'data');
    if (work['again']) await runBefore(data);
    return {
      env: { BENCH_DATA: work['again'] ? data : folder },
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
  notes: [
    "The chart is filled from the last 55 minutes as soon as there is a price; the browser runs before the clock does, as a user's would, and the page is " +
      'opened when `npm start` says that it can be. It asks for news every 2 s.',
    'At the pace of the clock the candle closed before the pipeline was up, so the exporter has fetched it by REST; the next one, by WebSocket, closes up to ' +
      '60 s later by nature, which is no part of it. At 30 times the pace the candle came by WebSocket.',
  ],
} as const satisfies Bench;

function caseOf(name: string, work: Readonly<Record<'again' | 'speed' | 'batch', number>>): BenchCase {
  return { name, work, amount: 1, expected: { rightCandles: 1 } };
}

async function runBefore(folder: string): Promise<void> {
  await using pipeline = await startPipeline({ folder, speed: 1, batch: true });
  await pipeline.untilOpen();
  await sleep(SETTLE_MS);
}
