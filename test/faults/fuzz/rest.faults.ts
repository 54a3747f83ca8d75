import { expect, test } from 'vitest';
import { fuzzRest } from './fuzz-rest.ts';
import { faultSeed } from './random.ts';

test('broken REST answers are outcomes, never errors, and rows beside broken ones are all taken', async () => {
  const counts = await fuzzRest(3000, faultSeed('REST'));
  console.log(`REST: ${JSON.stringify(counts)}`);
  expect(counts.rows.rejected).toBeGreaterThan(2000);
  expect(counts.rows.whole).toBeGreaterThan(5000);
}, 600_000);
