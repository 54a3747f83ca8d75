import { expect, test } from 'vitest';
import { faultSeed, randomFrom } from '#test/faults/fuzz/random.ts';
import { killAtRandom } from './kill-at-random.ts';
import { onOneBroker } from './stand.ts';

const { startRun } = onOneBroker();

test('A9 the exporter is killed at a random moment, 3 times', async () => {
  const random = randomFrom(faultSeed('A9', 1));
  await using run = await startRun();
  const { kills, comparison } = await killAtRandom(run, 3, random);
  expect([kills, comparison.lost]).toEqual([3, []]);
}, 120_000);
