import { expect, test } from 'vitest';
import { fuzzConnector, fuzzEnvironments, fuzzStages, fuzzStatements } from './fuzz-settings.ts';
import { faultSeed } from './random.ts';

test.each([
  ['variables of nine programs', fuzzEnvironments, 5000],
  ['tables of stages', fuzzStages, 30_000],
  ['configurations of the sink', fuzzConnector, 30_000],
  ['texts of SQL', fuzzStatements, 50_000],
] as const)(
  'broken %s, by the ten thousands, are taken or refused in words',
  (what, fuzz, rounds) => {
    const counts = fuzz(rounds, faultSeed(what));
    console.log(`${what}: ${JSON.stringify(counts)}`);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(100);
  },
  300_000,
);
