import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeWriteRequest } from '#remote-write/encode-write-request.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import type { Sample } from '#remote-write/sample.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { MAX_REQUEST_BYTES, splitRequests } from '#remote-write/split-requests.ts';

function sample(metric: string, timestampMs: number): Sample {
  return { labels: seriesLabels({ __name__: metric, symbol: 'BTCUSDT' }), timestampMs, value: '1' };
}

const sizeOf = (samples: readonly Sample[]) => encodeWriteRequest(samples).length;

test('no request is larger than the limit, and together they hold every sample once, in order', () => {
  const metric = fc.oneof(fc.constantFrom('a', 'b'), fc.stringMatching(/^[a-z]{1,12}$/));
  // the largest times that there are, too: only those take as much as is counted for a sample
  const time = fc.oneof(
    fc.nat(2_000),
    fc.nat(2_000).map((ms) => Number.MAX_SAFE_INTEGER - ms),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(metric, time), { maxLength: 400 }),
      fc.integer({ min: 80, max: 2_000 }),
      (spots, maxBytes) => {
        const { samples } = groupBySeries(spots.map(([name, ms]) => sample(name, ms)));
        const requests = splitRequests(samples, maxBytes);
        for (const request of requests) {
          expect(request.length).toBeGreaterThan(0);
          expect(sizeOf(request)).toBeLessThanOrEqual(maxBytes);
        }
        expect(requests.flat()).toEqual(samples);
      },
    ),
  );
});

test('a single series that is too large for one request goes on in the next, which is no smaller than it must be', () => {
  const samples = Array.from({ length: 60_000 }, (_, minute) => sample('a', minute * 60_000));
  expect(sizeOf(samples)).toBeGreaterThan(MAX_REQUEST_BYTES);
  const requests = splitRequests(samples);
  expect(requests.length).toBe(2);
  for (const request of requests) expect(sizeOf(request)).toBeLessThanOrEqual(MAX_REQUEST_BYTES);
  expect(requests.flat()).toEqual(samples);
});

test('samples of the largest times fill a request to the last byte', () => {
  const samples = ['a', 'b'].map((metric) => sample(metric, Number.MAX_SAFE_INTEGER));
  expect(splitRequests(samples, sizeOf(samples))).toEqual([samples]);
  expect(splitRequests(samples, sizeOf(samples) - 1)).toEqual(samples.map((one) => [one]));
});

test('a sample that is larger than the limit is a request of its own', () => {
  const samples = ['a', 'b', 'c'].map((metric) => sample(metric, 0));
  expect(splitRequests(samples, 10)).toEqual(samples.map((one) => [one]));
  expect(splitRequests([], 10)).toEqual([]);
});
