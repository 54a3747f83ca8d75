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
export function buildSeries<S extends Sample>(samples: readonly S[]): BuiltSeries<S> {
  const series: { readonly labels: SeriesLabels; readonly samples: S[] }[] = [];
  const places = new PlaceTable(samples.length);
  const conflicts: S[] = [];
  let duplicates = 0;
  for (const sample of samples) {
    const { labels } = sample;
    const there = places.find(labels, series);
    if (there === undefined) {
      series.push({ labels, samples: [sample] });
      continue;
    }
    const inOrder = there.samples;
    const at = placeOf(inOrder, sample.timestampMs);
    const first = inOrder[at];
    if (first?.timestampMs !== sample.timestampMs) inOrder.splice(at, 0, sample);
    else if (sameForTheStore(first.value, sample.value)) duplicates += 1;
    else conflicts.push(sample);
  }
  return { series, duplicates, conflicts };
}

/**
 * Where in a growing list each series stands, by its labels. A Map by their keys does the same in three times as long: it
 * grows by copying, and it makes a text's hash a look into the text, which is seldom in the cache.
 */
class PlaceTable {
  readonly #places: Int32Array;
  readonly #mask: number;

  /** `most` is how many series there may be. */
  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * most + 1));
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** What is in the list under these labels. If nothing is, the caller puts it at the end at once: that place is taken down. */
  find<T extends { readonly labels: SeriesLabels }>(labels: SeriesLabels, list: readonly T[]): T | undefined {
    for (let slot = labels.hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = this.#places[slot] ?? NONE;
      if (place === NONE) {
        this.#places[slot] = list.length + 1;
        return undefined;
      }
      const there = list[place - 1];
      if (there?.labels.hash === labels.hash && there.labels.key === labels.key) return there;
    }
  }
}

/** Places are counted from 1 on, as the table is empty when it is full of zeros. */
const NONE = 0;

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
