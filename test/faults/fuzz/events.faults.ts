import { expect, test } from 'vitest';
import { fuzzEvents } from './fuzz-events.ts';
import { faultSeed } from './random.ts';

const EVENTS = 100_000;

test('a hundred thousand broken events end nothing, lose no candle among them, and are all accounted for', async () => {
  const counts = await fuzzEvents(EVENTS, faultSeed('events'));
  console.log(`events: ${JSON.stringify(counts)}`);
  expect(counts.reasons).toEqual(
    ['bad-base64', 'broken-rule', 'no-value', 'not-a-candle', 'not-json', 'too-old'].toSorted(),
  );
  expect(counts.neighbours).toBeGreaterThan(EVENTS / 10);
}, 1_800_000);
