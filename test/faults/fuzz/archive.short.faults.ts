import { expect, test } from 'vitest';
import { fuzzArchive } from './fuzz-archive.ts';
import { faultSeed } from './random.ts';

test('broken files of the archive are refused with a reason, or whole', async () => {
  const counts = await fuzzArchive(60, faultSeed('archive', 1));
  expect(counts.zips.refused).toBeGreaterThan(20);
  expect(counts.rows.refused).toBeGreaterThan(20);
  expect(counts.checksums.refused).toBeGreaterThan(20);
});
