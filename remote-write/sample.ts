import type { SeriesLabels } from './series-labels.ts';

/**
 * One value of one series; a caller may have more to it, which comes back with every sample that was not stored.
 *
 * A class, though any object of this shape will do: once objects of a literal have outlived a few collections, as those of
 * a batch do while it is sent, V8 makes all later ones in its old space, where they are dear.
 */
export class Sample {
  readonly labels: SeriesLabels;
  readonly timestampMs: number;
  /** Decimal text: it becomes a float64 in the encoder and not before, since Prometheus has no other type. */
  readonly value: string;

  constructor(labels: SeriesLabels, timestampMs: number, value: string) {
    this.labels = labels;
    this.timestampMs = timestampMs;
    this.value = value;
  }
}
