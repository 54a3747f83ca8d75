import type { DashboardPanel } from '#local/page/dashboards/dashboard-schema.ts';
import type { Frame } from '#local/page/dashboards/frame.ts';
import { joinByField } from './join-by-field.ts';
import { merge } from './merge.ts';
import { organize } from './organize.ts';
import { timeSeriesTable } from './time-series-table.ts';

type Options = Readonly<Record<string, unknown>>;

const TRANSFORMATIONS: ReadonlyMap<string, (frames: readonly Frame[], options: Options) => readonly Frame[]> =
  new Map([
    ['joinByField', joinByField],
    ['timeSeriesTable', timeSeriesTable],
    ['merge', merge],
    ['organize', organize],
  ]);

/** Applies a panel's transformations in their order. Throws for one that is not known. */
export function transform(
  frames: readonly Frame[],
  transformations: DashboardPanel['transformations'],
): readonly Frame[] {
  return transformations
    .filter(({ disabled }) => !disabled)
    .reduce((before, { id, options }) => {
      const apply = TRANSFORMATIONS.get(id);
      if (apply) return apply(before, options);
      const known = [...TRANSFORMATIONS.keys()].join(', ');
      throw new Error(`transformation: expected one of ${known}, got ${id}`);
    }, frames);
}
