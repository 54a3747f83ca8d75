import { expect, test } from 'vitest';
import { pressed } from '#local/page/browser/dashboards/legend-press.ts';
import { timeTick, valueTicks } from '#local/page/browser/dashboards/ticks.ts';
import { alignSeries, isolated, stackSeries } from '#local/page/browser/dashboards/time-series-shape.ts';
import { formatOf, withoutZeros, written } from '#local/page/browser/dashboards/units.ts';
import { MINUTE_MS, series, START_MS } from './panel-frames.ts';

const stacked = (mode: 'normal' | 'percent', more: object = {}) => ({
  custom: { stacking: { mode, group: 'A' }, ...more },
});
const none = () => false;
const holes = (spanNulls: boolean | number) =>
  alignSeries([
    series('a', [1, undefined, 3, undefined, undefined, undefined, 7], { custom: { spanNulls } }),
  ]).series[0]?.values.filter((value) => value === null).length;
const write = (value: number, decimals?: number) => written(withoutZeros(formatOf('short')(value, decimals)));

test('a missing sample is a hole, and what another series measured meanwhile is none', () => {
  const { times, series: all } = alignSeries([
    series('a', [1, 2, undefined, undefined, 5]),
    series('b', [undefined, undefined, undefined, 40, 50]),
  ]);
  expect(times.map((time) => (time - START_MS) / MINUTE_MS)).toEqual([0, 1, 2, 3, 4]);
  expect(all.map(({ values }) => values)).toEqual([
    [1, 2, null, undefined, 5],
    [undefined, undefined, undefined, 40, 50],
  ]);
});

test('no line crosses a hole unless the panel says how long it may be', () => {
  expect([false, 2 * MINUTE_MS, true].map((spanNulls) => holes(spanNulls))).toEqual([2, 1, 0]);
});

test('what is no number is a hole too', () => {
  const { series: all } = alignSeries([series('a', [1, Number.NaN, 3])]);
  expect(all[0]?.values).toEqual([1, null, 3]);
});

test('series stand on each other, positive ones upwards and negative ones downwards', () => {
  const aligned = alignSeries([
    series('a', [1, 2, 3], stacked('normal')),
    series('b', [10, -20, 30], stacked('normal')),
    series('c', [100, -200, null], stacked('normal')),
  ]);
  expect(stackSeries(aligned, none)).toEqual([
    { lower: [0, 0, 0], upper: [1, 2, 3] },
    { lower: [1, 0, 3], upper: [11, -20, 33] },
    { lower: [11, -20, null], upper: [111, -220, null] },
  ]);
  expect(stackSeries(aligned, ({ field }) => field.displayName === 'a')[1]?.upper).toEqual([10, -20, 30]);
});

test('in percent each is its share of the sum at its time', () => {
  const aligned = alignSeries([
    series('a', [1, 0], stacked('percent')),
    series('b', [3, 0], stacked('percent')),
  ]);
  expect(stackSeries(aligned, none).map(({ upper }) => upper)).toEqual([
    [0.25, 0],
    [1, 0],
  ]);
});

test('lines and bars are stacked apart, and a negative-Y series hangs down', () => {
  const aligned = alignSeries([
    series('a', [1], stacked('normal')),
    series('b', [2], stacked('normal', { drawStyle: 'bars' })),
    series('c', [4], { custom: { transform: 'negative-Y' } }),
  ]);
  expect(stackSeries(aligned, none).map(({ upper }) => upper[0])).toEqual([1, 2, -4]);
});

test('a sample between two holes is told, for it has no line', () => {
  expect(isolated([1, 2, null, 4, null, undefined, 7, undefined])).toEqual([3, 6]);
  expect(isolated([1, undefined, 3])).toEqual([]);
});

test('a press shows a series alone, a second all again, and one with Shift one more or less', () => {
  const names = ['a', 'b', 'c'];
  const alone = pressed(new Set(), names, 'b', false);
  expect([...alone]).toEqual(['a', 'c']);
  expect([...pressed(alone, names, 'b', false)]).toEqual([]);
  expect([...pressed(alone, names, 'a', true)]).toEqual(['c']);
  expect([...pressed(new Set(), names, 'a', true)]).toEqual(['a']);
});

test('neighbours on an axis never read the same', () => {
  expect(valueTicks([0, 0.25, 0.5], 0.25, write)).toEqual(['0', '0.25', '0.5']);
  expect(valueTicks([112_650, 112_700, 112_750], 50, write)).toEqual(['112.65 K', '112.7 K', '112.75 K']);
});

test('a time axis names as much as tells its places apart', () => {
  const at = Date.UTC(2026, 0, 2, 15, 4, 5);
  expect(timeTick(at, 30_000, 600_000, 'UTC')).toBe('15:04:05');
  expect(timeTick(at, MINUTE_MS, 3_600_000, 'UTC')).toBe('15:04');
  expect(timeTick(at, 6 * 3_600_000, 3 * 86_400_000, 'UTC')).toBe('01-02 15:04');
  expect(timeTick(at, 86_400_000, 20 * 86_400_000, 'Asia/Tokyo')).toBe('01-03');
});
