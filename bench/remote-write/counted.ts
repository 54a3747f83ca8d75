import * as z from 'zod';
import { variable } from '#bench/run/contestant.ts';

/** What the receiver has got since it was asked last. */
export async function countedByReceiver(): Promise<Readonly<Record<string, number>>> {
  const answer = await fetch(`${variable('BENCH_RECEIVER')}/counts`);
  return z.record(z.string(), z.number()).parse(await answer.json());
}
