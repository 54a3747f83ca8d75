import type { Series } from './build-series.ts';
import type { Sample } from './sample.ts';
import { encodedSize, requestSize, samplesSize, sampleSize } from './encode-write-request.ts';

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
  if (series.length > 0 && requestSize(series) <= maxBytes) return [series];
  const requests: Series<S>[][] = [];
  let current: Series<S>[] = [];
  let bytes = 0;
  for (const one of series.flatMap((whole) => cutToFit(whole, maxBytes))) {
    const size = encodedSize(one);
    if (current.length > 0 && bytes + size > maxBytes) {
      requests.push(current);
      current = [];
      bytes = 0;
    }
    current.push(one);
    bytes += size;
  }
  if (current.length > 0) requests.push(current);
  return requests;
}

function cutToFit<S extends Sample>(series: Series<S>, maxBytes: number): readonly Series<S>[] {
  const size = encodedSize(series);
  if (size <= maxBytes) return [series];
  const room = maxBytes - (size - samplesSize(series));
  // A symbol of 64 characters leaves room for thousands; a smaller limit still has to make progress.
  return cut(series, Math.max(1, Math.floor(room / LARGEST_SAMPLE_BYTES)));
}

/** Parts of at most that many, in order; none is empty. */
export function cut<T>(items: readonly T[], most: number): readonly (readonly [T, ...T[]])[] {
  return Array.from(
    { length: Math.ceil(items.length / most) },
    (_, part) => items.slice(part * most, (part + 1) * most) as [T, ...T[]], // the last one has at least one, too
  );
}

const LARGEST_SAMPLE_BYTES = sampleSize(Number.MAX_SAFE_INTEGER);
