import type { Sample } from './sample.ts';
import type { SeriesLabels } from './series-labels.ts';

export interface GroupedSamples<S extends Sample> {
  /**
   * Those of a series next to one another, in time order, one per timestamp; series in the order in which they were
   * first met. This is the list that was given where each series is in it once, as it usually is.
   */
  readonly samples: readonly S[];
  /** Exact repeats left out; nothing is lost with them. */
  readonly duplicates: number;
  /** Another value for a time that the batch had already; the first one stays. */
  readonly conflicts: readonly S[];
}

/**
 * Groups samples the way a receiver needs them: it answers 204 and drops what is reversed or repeated in a request.
 */
export function groupBySeries<S extends Sample>(samples: readonly S[]): GroupedSamples<S> {
  const places = new PlaceTable(samples);
  let place = 0;
  for (const { labels } of samples) {
    if (places.firstOfSeries(labels, place) !== place) return merge(samples, places);
    place += 1;
  }
  return { samples, duplicates: 0, conflicts: [] };
}

function merge<S extends Sample>(samples: readonly S[], places: PlaceTable): GroupedSamples<S> {
  const series = new Map<number, S[]>();
  const conflicts: S[] = [];
  let duplicates = 0;
  for (const [place, sample] of samples.entries()) {
    const first = places.firstOfSeries(sample.labels, place);
    const inOrder = series.get(first);
    if (inOrder === undefined) {
      series.set(first, [sample]);
      continue;
    }
    const at = placeOf(inOrder, sample.timestampMs);
    const there = inOrder[at];
    if (there?.timestampMs !== sample.timestampMs) inOrder.splice(at, 0, sample);
    else if (sameForTheStore(there.value, sample.value)) duplicates += 1;
    else conflicts.push(sample);
  }
  return { samples: [...series.values()].flat(), duplicates, conflicts };
}

/**
 * Where in a list each series is first met, by its labels. A Map by their keys does the same in three times as long: it
 * grows by copying, and it makes a text's hash a look into the text, which is seldom in the cache.
 */
class PlaceTable {
  readonly #samples: readonly Sample[];
  /** Of each slot a hash and a place, which is counted from 1 on, as the table is empty when it is full of zeros. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(samples: readonly Sample[]) {
    const size = 2 ** Math.ceil(Math.log2(2 * samples.length + 1));
    if (slotsOfLast.length < 2 * size) slotsOfLast = new Int32Array(2 * size);
    else slotsOfLast.fill(0, 0, 2 * size);
    this.#samples = samples;
    this.#slots = slotsOfLast;
    this.#mask = size - 1;
  }

  /** For the sample at `place`, whose labels these are: that place itself if none of the same series was asked for before. */
  firstOfSeries(labels: SeriesLabels, place: number): number {
    const slots = this.#slots;
    const { hash } = labels;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const first = (slots[2 * slot + 1] ?? 0) - 1;
      if (first < 0) {
        slots[2 * slot] = hash;
        slots[2 * slot + 1] = place + 1;
        return place;
      }
      if (slots[2 * slot] === hash && this.#samples[first]?.labels.key === labels.key) return first;
    }
  }
}

/** Memory of the table before, which is done with: new memory costs more than clearing it. */
let slotsOfLast = new Int32Array(0);

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
