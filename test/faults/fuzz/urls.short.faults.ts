import { expect, test } from 'vitest';
import { fuzzMartParameters, fuzzUrls } from './fuzz-urls.ts';
import { faultSeed } from './random.ts';

test('broken requests to the page and the exchange are refused, and change no query and no path', async () => {
  const counts = await fuzzUrls(300, faultSeed('URLs', 1));
  expect(counts['page 200']).toBeGreaterThan(30);
  expect(counts['page 400']).toBeGreaterThan(30);
  expect(counts['page 421']).toBeGreaterThan(5);
});

test('the parameters of a mart query are bound, or refused', async () => {
  const counts = await fuzzMartParameters(1000, faultSeed('mart parameters', 1));
  expect(Math.min(counts.asked, counts.refused)).toBeGreaterThan(100);
});
