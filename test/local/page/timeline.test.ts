import { expect, test } from 'vitest';
import type { Sample } from '#local/page/answers.ts';
import { Timeline } from '#local/page/timeline.ts';

const line = (stage: string, samples: readonly Sample[]) => ({ labels: { stage }, samples });

test('overlapping answers become columns by time, null where a line has nothing', () => {
  const timeline = new Timeline('stage', 600_000);
  timeline.merge([line('a', [[60_000, '1']]), line('b', [[60_000, '-2']])]);
  timeline.merge([
    line('a', [
      [60_000, '1'],
      [120_000, '3'],
    ]),
  ]);
  expect(timeline.columns(['a', 'b', 'absent'], 60_000)).toEqual([
    [60, 120],
    [1, 3],
    [-2, null],
    [null, null],
  ]);
});

test('a hole in time gets a place without values, so that no line bridges it', () => {
  const timeline = new Timeline('stage', 600_000);
  timeline.merge([
    line('a', [
      [60_000, '1'],
      [300_000, '2'],
    ]),
  ]);
  expect(timeline.columns(['a'], 60_000)).toEqual([
    [60, 120, 300],
    [1, null, 2],
  ]);
});

test('what is old is let go, and NaN is no sample', () => {
  const timeline = new Timeline('stage', 100_000);
  timeline.merge([
    line('a', [
      [0, '1'],
      [200_000, 'NaN'],
      [260_000, '2'],
    ]),
  ]);
  expect(timeline.columns(['a'], 60_000)).toEqual([[260], [2]]);
});
