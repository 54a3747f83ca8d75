import { expect, test } from 'vitest';
import { fuzzConnector, fuzzEnvironments, fuzzStages, fuzzStatements } from './fuzz-settings.ts';
import { faultSeed } from './random.ts';

const both = { taken: expect.any(Number), refused: expect.any(Number) };

test('broken variables stop each program with the name of what is wrong, and the key is never shown', () => {
  const counts = fuzzEnvironments(300, faultSeed('environments', 1));
  expect(counts).toEqual(both);
  expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(300);
});

test('a broken table of stages is refused in words', () => {
  const counts = fuzzStages(500, faultSeed('stages', 1));
  expect(counts.refused).toBeGreaterThan(400);
});

test('a broken configuration of the sink is refused, or text without a key', () => {
  const counts = fuzzConnector(1500, faultSeed('connector', 1));
  expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(200);
});

test('broken SQL is cut into statements that are all of it, or refused in words', () => {
  const counts = fuzzStatements(3000, faultSeed('statements', 1));
  expect(Math.min(counts.cut, counts.refused)).toBeGreaterThan(300);
});
