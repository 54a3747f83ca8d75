import { expect, test } from 'vitest';
import { heatmapOptions } from '#local/page/browser/dashboards/heatmap-options.ts';
import { heatMapOf, heatShare } from '#local/page/browser/dashboards/heatmap-shape.ts';
import type { HeatMap } from '#local/page/browser/dashboards/heatmap-shape.ts';
import type { Frame } from '#local/page/dashboards/frame.ts';
import { MINUTE_MS, numbers, panelData, series, START_MS, times } from './panel-frames.ts';

function map(options: object, ...frames: readonly Frame[]) {
  return heatMapOf(heatmapOptions.parse(options), panelData(...frames));
}

const minute = (timeMs: number) => (timeMs - START_MS) / MINUTE_MS;

/** Minutes from the start, edges and count of each cell, in order. */
function cells({ cells: all }: HeatMap) {
  return all
    .map(({ fromMs, toMs, low, high, count }) => [minute(fromMs), minute(toMs), low, high, count])
    .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0));
}

test('samples are counted by time and value, those on an edge in the bucket above it', () => {
  const buckets = { xBuckets: { mode: 'size', value: '2m' }, yBuckets: { mode: 'size', value: '0.1' } };
  const found = map(
    { calculate: true, calculation: buckets },
    series('a', [0.3, 0.35, 0.1, null]),
    series('b', [0.39, -0.05, 0.29, 0.3]),
  );
  expect(cells(found)).toEqual([
    [0, 2, -0.1, 0, 1],
    [0, 2, 0.3, 0.4, 3],
    [2, 4, 0.1, 0.2, 1],
    [2, 4, 0.2, 0.3, 1],
    [2, 4, 0.3, 0.4, 1],
  ]);
  expect(found.leftOut).toBe(0);
});

test('a logarithmic axis splits each power, and says how many samples it cannot hold', () => {
  const yBuckets = { mode: 'size', value: '2', scale: { type: 'log', log: 10 } };
  const found = map(
    { calculate: true, calculation: { xBuckets: { mode: 'size', value: '30m' }, yBuckets } },
    series('a', [1, 3, 4, 9.9, 10, 0, -1, Infinity]),
  );
  const half = Math.sqrt(10);
  expect(cells(found)).toEqual([
    [0, 30, 1, half, 2],
    [0, 30, half, 10, 2],
    [0, 30, 10, expect.closeTo(10 * half, 9), 1],
  ]);
  expect(found).toMatchObject({ log: 10, leftOut: 3 });
});

test('without settings the buckets are round: a twentieth of the time, a tenth of the values', () => {
  // 30 min / 19 is 94.7 s: the round step below is one minute. 90 / 9 is 10.
  const found = map({ calculate: true }, series('a', [0, 90]));
  expect(cells(found)).toEqual([
    [0, 1, 0, 10, 1],
    [1, 2, 90, 100, 1],
  ]);
});

test('columns of a histogram are buckets by name, each before its sample', () => {
  const frame = {
    refId: 'A',
    length: 2,
    stepMs: MINUTE_MS,
    fields: [times([1, 2]), numbers('0.5', [4, 0]), numbers('+Inf', [null, 7])],
  };
  const found = map({}, frame);
  expect(cells(found)).toEqual([
    [0, 1, 0, 1, 4],
    [1, 2, 1, 2, 7],
  ]);
  expect(found).toMatchObject({ names: ['0.5', '+Inf'], low: 0, high: 2 });
});

test('what is no histogram and not to be counted is an error that says so', () => {
  expect(() => map({}, { refId: 'A', length: 0, stepMs: undefined, fields: [] })).toThrow(/set "calculate"/u);
});

test('counts have the colour of their step', () => {
  const { color } = heatmapOptions.parse({ color: { steps: 5 } });
  const shares = [1, 2, 5, 10, 11].map((count) => heatShare(count, { min: 1, max: 11 }, color));
  expect(shares).toEqual([0, 0, 0.5, 1, 1]);
  expect(heatShare(3, { min: 3, max: 3 }, color)).toBe(1);
});
