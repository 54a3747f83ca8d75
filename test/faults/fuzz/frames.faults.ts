import { expect, test } from 'vitest';
import { fuzzFrames } from './fuzz-frames.ts';
import { faultSeed } from './random.ts';

const BROKEN = 1_000_000;

test('a million broken frames end nothing, hide no candle between them, and are all accounted for', async () => {
  const counts = await fuzzFrames(BROKEN, faultSeed('frames'));
  console.log(`frames: ${JSON.stringify(counts)}`);
  expect(counts.broken).toBeGreaterThanOrEqual(BROKEN);
}, 1_800_000);
