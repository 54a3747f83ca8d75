import { expect, test } from 'vitest';
import { slope } from './memory.ts';
import { MENU } from './menu.ts';
import { jsonReport, markdownReport, problemsOf } from './report.ts';
import { planOf } from './soak.ts';
import type { SoakResult } from './soak.ts';

const SETTINGS = { minutes: 30, symbols: 5, speed: 20, seed: 7 };

const WELL: SoakResult = {
  kafka: { closed: 100, lost: [], duplicates: 3, wrong: [], invented: [], inversions: [] },
  metrics: { compared: 100, absent: [], wrong: [], counted: 0 },
  faults: [
    { kind: 'exporter killed', fromMs: 0, toMs: 1000, recoveredMs: 4000 },
    { kind: 'exporter killed', fromMs: 5000, toMs: 9000, recoveredMs: 2000 },
    { kind: 'exporter killed', fromMs: 15_000, toMs: 19_000, recoveredMs: 9000 },
  ],
  memory: [{ part: 'exporter', samples: 500, mostMb: 151, slopeMbPerHour: 1.25 }],
};

test('the same seed gives the same plan, another one another, and a long one has every fault there is', () => {
  expect(planOf(SETTINGS)).toEqual(planOf(SETTINGS));
  expect(planOf({ ...SETTINGS, seed: 8 })).not.toEqual(planOf(SETTINGS));
  const kinds = new Set(planOf({ minutes: 60, seed: 7 }).map(({ what }) => what.kind));
  expect(kinds).toEqual(new Set(MENU.map(({ kind }) => kind)));
});

test('a soak in which all went well says so, with the median and the worst recovery of each fault', () => {
  expect(problemsOf(WELL)).toEqual([]);
  expect(markdownReport(SETTINGS, WELL)).toContain('# Soak: nothing lost');
  expect(markdownReport(SETTINGS, WELL)).toContain('| exporter killed | 3 | 4.0 s | 9.0 s | 180.0 s |');
  expect(JSON.parse(jsonReport(SETTINGS, WELL))).toMatchObject({ passed: true, seed: 7 });
});

test.each<[string, Partial<SoakResult>, string]>([
  ['a candle is not in Kafka', { kafka: { ...WELL.kafka, lost: ['A 1'] } }, 'not in Kafka: A 1'],
  ['one came out of order', { kafka: { ...WELL.kafka, inversions: ['A 1'] } }, 'and not marked: A 1'],
  ['one was made up', { kafka: { ...WELL.kafka, invented: ['A 1'] } }, 'never closed: A 1'],
  [
    'one is not in the metrics',
    { metrics: { ...WELL.metrics, absent: ['A 1'] } },
    'not counted as too old: A 1',
  ],
  ['one has another value there', { metrics: { ...WELL.metrics, wrong: ['A 1'] } }, 'another value: A 1'],
  ['nothing was compared', { metrics: { ...WELL.metrics, compared: 0 } }, 'no candle was compared'],
  ['nothing happened', { faults: [] }, 'no fault happened'],
  [
    'a fault is not recovered from',
    { faults: [{ kind: 'Kafka killed', fromMs: 2000, toMs: 3000, recoveredMs: undefined }] },
    'never recovered from: Kafka killed, begun 2 s after the start',
  ],
])('a soak in which %s is not passed, and says why', (_what, change, problem) => {
  const result = { ...WELL, ...change };
  expect(problemsOf(result)).toEqual([expect.stringContaining(problem)]);
  expect(markdownReport(SETTINGS, result)).toContain(problem);
  expect(JSON.parse(jsonReport(SETTINGS, result))).toMatchObject({ passed: false });
});

test('what is too old for the store, and counted, is no loss', () => {
  expect(problemsOf({ ...WELL, metrics: { ...WELL.metrics, absent: ['A 1'], counted: 1 } })).toEqual([]);
});

test('memory that grows steadily has its growth as slope', () => {
  const points = Array.from({ length: 20 }, (_, index) => ({
    ageHours: index,
    megabytes: 100 + 2.5 * index,
  }));
  expect(slope(points)).toBeCloseTo(2.5, 9);
  expect(slope(points.slice(0, 5))).toBeUndefined();
});
