import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { cutBySeries } from '#remote-write/series.ts';

/** With something of the caller's own on it, which has to come back. */
function sample(metric: string, timestampMs: number, value: string, offset = 0) {
  return {
    labels: seriesLabels({ __name__: metric, symbol: 'BTCUSDT' }),
    timestampMs,
    value,
    offset,
  };
}

const anySamples = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 2 }))
    .map(([metric, time, value]) => sample(metric, time, String(value))),
);

test('every series is there once, in the order of its first sample, its samples in time order without repeats', () => {
  fc.assert(
    fc.property(anySamples, (samples) => {
      const { samples: kept, duplicates, conflicts } = groupBySeries(samples);
      const series = cutBySeries(kept);
      const keys = series.map(([{ labels }]) => labels.key);
      expect(keys).toEqual([...new Set(samples.map(({ labels }) => labels.key))]);
      for (const one of series) {
        const times = one.map(({ timestampMs }) => timestampMs);
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      }
      expect(kept.length + duplicates + conflicts.length).toBe(samples.length);
    }),
  );
});

test('the first of two values for one time stays, the other one is a conflict', () => {
  const { samples, conflicts, duplicates } = groupBySeries([
    sample('a', 5, '1.0', 1),
    sample('a', 5, '2.0', 2),
  ]);
  expect(samples.map(({ value }) => value)).toEqual(['1.0']);
  expect(conflicts.map(({ value, offset }) => [value, offset])).toEqual([['2.0', 2]]);
  expect(duplicates).toBe(0);
});

test('series are told apart by their labels where their hashes are the same', () => {
  const alike = ['a', 'b', 'c'].map((metric) => {
    const one = sample(metric, 5, metric);
    return { ...one, labels: { ...one.labels, hash: 7 } };
  });
  expect(groupBySeries(alike).samples).toBe(alike);
  const { samples, duplicates, conflicts } = groupBySeries([...alike, ...alike]);
  expect(cutBySeries(samples).map((one) => one.map(({ value }) => value))).toEqual([['a'], ['b'], ['c']]);
  expect([duplicates, conflicts]).toEqual([3, []]);
});

test('values that are one float64 are the same value', () => {
  const { conflicts, duplicates } = groupBySeries([sample('a', 5, '1.0'), sample('a', 5, '1.00000000')]);
  expect([conflicts.length, duplicates]).toEqual([0, 1]);
});
