import type { Sample } from './sample.ts';
import type { SeriesLabels } from './series-labels.ts';

/** Samples in time order, one per timestamp. */
export interface Series<S extends Sample = Sample> {
  readonly labels: SeriesLabels;
  readonly samples: readonly S[];
}

export interface BuiltSeries<S extends Sample> {
  /** No two with the same labels; in the order in which they were first met. */
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
  const bySeries = new Map<string, { readonly labels: SeriesLabels; readonly samples: S[] }>();
  const conflicts: S[] = [];
  let duplicates = 0;
  for (const sample of samples) {
    const { labels } = sample;
    const inOrder = bySeries.get(labels.key)?.samples;
    if (inOrder === undefined) {
      bySeries.set(labels.key, { labels, samples: [sample] });
      continue;
    }
    const at = placeOf(inOrder, sample.timestampMs);
    const first = inOrder[at];
    if (first?.timestampMs !== sample.timestampMs) inOrder.splice(at, 0, sample);
    else if (sameForTheStore(first.value, sample.value)) duplicates += 1;
    else conflicts.push(sample);
  }
  return { series: [...bySeries.values()], duplicates, conflicts };
}

/** The first place at or after this time; nearly always the end, since samples come in time order. */
function placeOf(inOrder: readonly Sample[], timestampMs: number): number {
  let at = inOrder.length;
  while (at > 0 && (inOrder[at - 1]?.timestampMs ?? -Infinity) >= timestampMs) at -= 1;
  return at;
}

/** `1.0` and `1.00` are one float64, and so one value to the store. */
function sameForTheStore(a: string, b: string): boolean {
  return a === b || Object.is(Number(a), Number(b));
}
