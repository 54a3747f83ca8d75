import type { Sample } from './sample.ts';
import { areOfOneSeries } from './series-labels.ts';

/** The samples of one series, all with the same labels: in time order, one per timestamp. */
export type Series<S extends Sample = Sample> = readonly [S, ...S[]];

/** A list of grouped samples, cut where one series ends and the next begins. */
export function cutBySeries<S extends Sample>(samples: readonly S[]): readonly Series<S>[] {
  const series: [S, ...S[]][] = [];
  let last: [S, ...S[]] | undefined;
  for (const sample of samples) {
    if (last !== undefined && areOfOneSeries(last[0].labels, sample.labels)) last.push(sample);
    else series.push((last = [sample]));
  }
  return series;
}
