import { expect, test } from 'vitest';
import { fuzzFrames } from './fuzz-frames.ts';
import { faultSeed } from './random.ts';

test('broken frames end nothing, hide no candle between them, and are all accounted for', async () => {
  const counts = await fuzzFrames(20_000, faultSeed('frames', 1));
  expect(counts.rejected).toBeGreaterThan(5000);
});
