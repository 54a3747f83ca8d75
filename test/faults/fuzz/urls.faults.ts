import { expect, test } from 'vitest';
import { fuzzMartParameters, fuzzUrls } from './fuzz-urls.ts';
import { faultSeed } from './random.ts';

test('thousands of broken requests to the page and the exchange are refused, and change no query and no path', async () => {
  const counts = await fuzzUrls(5000, faultSeed('URLs'));
  console.log(`URLs: ${JSON.stringify(counts)}`);
  expect(counts['page 400']).toBeGreaterThan(500);
}, 600_000);

test('the parameters of twenty thousand mart queries are bound, or refused', async () => {
  const counts = await fuzzMartParameters(20_000, faultSeed('mart parameters'));
  expect(Math.min(counts.asked, counts.refused)).toBeGreaterThan(2000);
});
