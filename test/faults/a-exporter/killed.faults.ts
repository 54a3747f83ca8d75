import { expect, test } from 'vitest';
import { faultSeed, randomFrom } from '#test/faults/fuzz/random.ts';
import { killAtRandom } from './kill-at-random.ts';
import { onOneBroker } from './stand.ts';

const { startRun } = onOneBroker();

test('A9 the exporter is killed at a random moment, 100 times', async () => {
  const random = randomFrom(faultSeed('A9'));
  await using run = await startRun({ speed: 20 });
  const killed = await killAtRandom(run, 100, random);
  console.log(`A9: ${JSON.stringify(killed)}`);
  expect(killed.whileStreaming).toBeGreaterThan(10);
  expect(killed.whileStreaming).toBeLessThan(killed.kills);
}, 1_800_000);
