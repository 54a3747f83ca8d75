import type { Series } from './build-series.ts';
import type { Sample } from './sample.ts';
import { encodedSize, sampleSize } from './encode-write-request.ts';

/**
 * Amazon Managed Prometheus takes 1 MB a request. This is the limit on the uncompressed bytes: snappy can make
 * input that does not compress a sixth larger, and 800 kB + 1/6 is still below 1 MB, whichever of the two is meant.
 */
export const MAX_REQUEST_BYTES = 800_000;

/** Cuts series into requests; a series too large for one goes on in the next, in time order. */
export function splitRequests<S extends Sample>(
  series: readonly Series<S>[],
  maxBytes = MAX_REQUEST_BYTES,
): readonly (readonly Series<S>[])[] {
  const requests: Series<S>[][] = [];
  let current: Series<S>[] = [];
  let bytes = 0;
  const add = (one: Series<S>, size: number) => {
    if (current.length > 0 && bytes + size > maxBytes) {
      requests.push(current);
      current = [];
      bytes = 0;
    }
    current.push(one);
    bytes += size;
  };
  for (const whole of series) {
    const size = encodedSize(whole);
    if (size <= maxBytes) add(whole, size);
    else for (const part of cutSeries(whole, maxBytes)) add(part, encodedSize(part));
  }
  if (current.length > 0) requests.push(current);
  return requests;
}

function cutSeries<S extends Sample>(series: Series<S>, maxBytes: number): readonly Series<S>[] {
  const [first] = series.samples;
  if (!first) return [];
  const room = maxBytes - encodedSize({ ...series, samples: [] }) - LENGTH_GROWTH_BYTES;
  // A symbol of 64 characters leaves room for thousands; a smaller limit still has to make progress.
  const perPart = Math.max(1, Math.floor(room / LARGEST_SAMPLE_BYTES));
  const parts: Series<S>[] = [];
  for (let start = 0; start < series.samples.length; start += perPart) {
    parts.push({ labels: series.labels, samples: series.samples.slice(start, start + perPart) });
  }
  return parts;
}

/** With samples in it, the length before a series takes up to four bytes more than without. */
const LENGTH_GROWTH_BYTES = 4;
const LARGEST_SAMPLE_BYTES = sampleSize(Number.MAX_SAFE_INTEGER);
