import { expect, test } from 'vitest';
import { fuzzRest } from './fuzz-rest.ts';
import { faultSeed } from './random.ts';

test('broken REST answers are outcomes, never errors, and rows beside broken ones are all taken', async () => {
  const counts = await fuzzRest(60, faultSeed('REST', 1));
  expect(counts.rows.rejected).toBeGreaterThan(30);
  expect(counts.rows.whole).toBeGreaterThan(100);
});
