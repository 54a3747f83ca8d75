import type { Sample } from './sample.ts';
import type { SeriesLabels } from './series-labels.ts';

/** The samples of one series, all with the same labels: in time order, one per timestamp. */
export type Series<S extends Sample = Sample> = readonly [S, ...S[]];

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
  const series: [S, ...S[]][] = [];
  const places = new PlaceTable(samples.length);
  const conflicts: S[] = [];
  let duplicates = 0;
  for (const sample of samples) {
    const inOrder = places.find(sample.labels, series);
    if (inOrder === undefined) {
      series.push([sample]);
      continue;
    }
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
  /** Of each slot a hash and a place. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** `most` is how many series there may be. */
  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * most + 1));
    if (slotsOfLast.length < 2 * size) slotsOfLast = new Int32Array(2 * size);
    else slotsOfLast.fill(0, 0, 2 * size);
    this.#slots = slotsOfLast;
    this.#mask = size - 1;
  }

  /** What is in the list under these labels. If nothing is, the caller puts it at the end at once: that place is taken down. */
  find<T extends Series>(labels: SeriesLabels, list: readonly T[]): T | undefined {
    const slots = this.#slots;
    const { hash } = labels;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = slots[2 * slot + 1] ?? NONE;
      if (place === NONE) {
        slots[2 * slot] = hash;
        slots[2 * slot + 1] = list.length + 1;
        return undefined;
      }
      if (slots[2 * slot] !== hash) continue;
      const there = list[place - 1];
      if (there?.[0].labels.key === labels.key) return there;
    }
  }
}

/** Memory of the table before, which is done with: new memory costs more than clearing it. */
let slotsOfLast = new Int32Array(0);

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
