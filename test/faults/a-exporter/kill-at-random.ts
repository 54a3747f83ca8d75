import { setTimeout as delay } from 'node:timers/promises';
import type { ExporterRun } from '#test/faults/harness/exporter-run.ts';
import type { Comparison } from '#test/faults/harness/ledger-check.ts';
import type { Random } from '#test/faults/fuzz/random.ts';

export interface Killed {
  readonly kills: number;
  /** Of these, how many came when candles were flowing already; the others hit the start: the cursor, the first holes. */
  readonly whileStreaming: number;
  readonly comparison: Comparison;
}

/** From its spawn to its kill each exporter has up to this long, which reaches past its start. */
const LONGEST_LIFE_MS = 5000;

/** Kills one exporter after the other with SIGKILL, lets the last one live, and holds Kafka against the ledger. */
export async function killAtRandom(run: ExporterRun, kills: number, random: Random): Promise<Killed> {
  let whileStreaming = 0;
  for (let kill = 0; kill < kills; kill++) {
    const lifeMs = random.below(LONGEST_LIFE_MS);
    const exporter = await run.exporter({ isReady: async () => true });
    await delay(lifeMs);
    await exporter.stop('SIGKILL');
    if (exporter.log().includes('"event":"connection-open"')) whileStreaming += 1;
  }
  await run.exporter();
  await run.minutes(1);
  return { kills, whileStreaming, comparison: await run.nothingLost({ withinMs: 60_000 }) };
}
