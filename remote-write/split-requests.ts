import { sampleSize, varintSize } from './encode-write-request.ts';
import type { Sample } from './sample.ts';
import { areOfOneSeries } from './series-labels.ts';

/**
 * Amazon Managed Prometheus takes 1 MB a request. This is the limit on the uncompressed bytes: snappy can make
 * input that does not compress a sixth larger, and 800 kB + 1/6 is still below 1 MB, whichever of the two is meant.
 */
export const MAX_REQUEST_BYTES = 800_000;

/**
 * Cuts grouped samples into requests, each of at most so many bytes unless a single sample has more; a series too large
 * for one goes on in the next, in time order. What is counted for a sample is the most that it can take.
 */
export function splitRequests<S extends Sample>(
  samples: readonly S[],
  maxBytes = MAX_REQUEST_BYTES,
): readonly (readonly S[])[] {
  const aroundSeries = 1 + varintSize(maxBytes);
  const requests: (readonly S[])[] = [];
  let [start, place, bytes] = [0, 0, 0];
  let before: S | undefined;
  for (const sample of samples) {
    const first = aroundSeries + sample.labels.length + LARGEST_SAMPLE_BYTES;
    const size =
      before !== undefined && areOfOneSeries(before.labels, sample.labels) ? LARGEST_SAMPLE_BYTES : first;
    if (bytes + size > maxBytes && place > start) {
      requests.push(samples.slice(start, place));
      [start, bytes] = [place, first];
    } else bytes += size;
    before = sample;
    place += 1;
  }
  if (start === 0) return samples.length === 0 ? [] : [samples];
  return [...requests, samples.slice(start)];
}

const LARGEST_SAMPLE_BYTES = sampleSize(Number.MAX_SAFE_INTEGER);
