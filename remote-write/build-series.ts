import type { Sample } from './sample.ts';
import type { SeriesLabels } from './series-labels.ts';

/** Samples in time order, one per timestamp. */
export interface Series<S extends Sample = Sample> {
  readonly labels: SeriesLabels;
  readonly samples: readonly S[];
}

export interface BuiltSeries<S extends Sample> {
  /** In the order of their labels, no two alike. */
  readonly series: readonly Series<S>[];
  /** Exact repeats left out; nothing is lost with them. */
  readonly duplicates: number;
  /** Another value for a time that the batch had already; the first one stays. */
  readonly conflicts: readonly S[];
}

/**
 * Groups samples the way a receiver needs them: it answers 204 and drops what is reversed or repeated in a request.
 */
export function buildSeries<S extends Sample>(samples: Iterable<S>): BuiltSeries<S> {
  const bySeries = new Map<string, Map<number, S>>();
  const conflicts: S[] = [];
  let duplicates = 0;
  for (const sample of samples) {
    const byTime = bySeries.get(sample.labels.sortKey) ?? new Map<number, S>();
    bySeries.set(sample.labels.sortKey, byTime);
    const first = byTime.get(sample.timestampMs);
    if (first === undefined) byTime.set(sample.timestampMs, sample);
    else if (sameForTheStore(first.value, sample.value)) duplicates += 1;
    else conflicts.push(sample);
  }
  const series = [...bySeries.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, byTime]) => {
      const sorted = [...byTime.values()].toSorted((a, b) => a.timestampMs - b.timestampMs);
      const [first] = sorted;
      return first ? [{ labels: first.labels, samples: sorted }] : [];
    });
  return { series, duplicates, conflicts };
}

/** `1.0` and `1.00` are one float64, and so one value to the store. */
function sameForTheStore(a: string, b: string): boolean {
  return a === b || Object.is(Number(a), Number(b));
}
