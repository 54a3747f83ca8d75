import { expect, test } from 'vitest';
import { fuzzEvents } from './fuzz-events.ts';
import { faultSeed } from './random.ts';

test('broken events end nothing, lose no candle among them, and are all accounted for', async () => {
  const counts = await fuzzEvents(2000, faultSeed('events', 1));
  expect(counts.neighbours).toBeGreaterThan(200);
  expect(counts.poison).toBeGreaterThan(1000);
});
