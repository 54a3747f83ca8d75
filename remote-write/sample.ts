import type { SeriesLabels } from './series-labels.ts';

/** One value of one series; a caller may have more to it, which comes back with every sample that was not stored. */
export interface Sample {
  readonly labels: SeriesLabels;
  readonly timestampMs: number;
  /** Decimal text: it becomes a float64 in the encoder and not before, since Prometheus has no other type. */
  readonly value: string;
}
