import type { Target } from './dashboard-schema.ts';

/** A query that is neither is one over time, as in Grafana; one may be both. */
export function kindsOf({
  instant,
  range,
}: Pick<Target, 'instant' | 'range'>): readonly ('instant' | 'range')[] {
  if (!instant) return ['range'];
  return range ? ['range', 'instant'] : ['instant'];
}
