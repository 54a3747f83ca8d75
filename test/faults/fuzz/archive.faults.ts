import { expect, test } from 'vitest';
import { fuzzArchive } from './fuzz-archive.ts';
import { faultSeed } from './random.ts';

test('broken files of the archive are refused with a reason, or whole', async () => {
  const counts = await fuzzArchive(3000, faultSeed('archive'));
  console.log(`archive: ${JSON.stringify(counts)}`);
  expect(counts.zips.refused).toBeGreaterThan(1000);
  expect(counts.rows.refused).toBeGreaterThan(1000);
  expect(counts.rows.converted).toBeGreaterThan(20);
  expect(counts.checksums.refused).toBeGreaterThan(1000);
}, 900_000);
