import type { FieldConfig } from '#local/page/dashboards/dashboard-schema.ts';
import { between, cssColour, SCHEMES, seriesColour } from './colours.ts';
import type { Field, NumberField } from '#local/page/dashboards/frame.ts';
import { reduced } from './reduce.ts';

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

interface Step {
  readonly value: number | null;
  readonly color: string;
}

/** What Grafana takes when a panel has none. */
const USUAL_STEPS: readonly Step[] = [
  { value: null, color: 'green' },
  { value: 80, color: 'red' },
];

/** The least and greatest number of these fields; 0 to 100 when there is none, as in Grafana. */
export function boundsOf(fields: readonly Field[]): Bounds {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const field of fields) {
    if (field.type !== 'number') continue;
    for (const value of field.values) {
      if (value === null || !Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return min > max ? { min: 0, max: 100 } : { min, max };
}

/** What the configuration fixes of the bounds, and what the data gives of the rest. */
export function fieldBounds(config: FieldConfig, data: Bounds): Bounds {
  return { min: config.min ?? data.min, max: config.max ?? data.max };
}

/** Where a value lies between the bounds, 0 to 1; the lower end when the bounds are one. */
export function shareOf(value: number, { min, max }: Bounds): number {
  if (!(max > min)) return value >= max ? 1 : 0;
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** From which value on it is which colour, in rising order; the first holds below all others. */
export function stepsOf(config: FieldConfig, bounds: Bounds): readonly { from: number; colour: string }[] {
  const { mode = 'absolute', steps = USUAL_STEPS } = config.thresholds ?? {};
  return steps.map(({ value, color }) => ({
    from:
      value === null
        ? Number.NEGATIVE_INFINITY
        : mode === 'percentage'
          ? bounds.min + ((bounds.max - bounds.min) * value) / 100
          : value,
    colour: color,
  }));
}

export function thresholdColour(config: FieldConfig, bounds: Bounds, value: number): string {
  const steps = stepsOf(config, bounds);
  return cssColour((steps.findLast(({ from }) => value >= from) ?? steps[0])?.colour ?? 'text');
}

/**
 * The colour of a value by its field's colour mode. `usual` is the mode that the panel has when none is set, `index`
 * the field's place among the panel's fields of numbers.
 */
export function valueColour(
  config: FieldConfig,
  value: number,
  { bounds, index, usual }: { bounds: Bounds; index: number; usual: 'thresholds' | 'palette-classic' },
): string {
  const mode = config.color?.mode ?? usual;
  const scheme = SCHEMES[mode];
  if (scheme) return between(scheme, shareOf(value, bounds));
  switch (mode) {
    case 'thresholds':
      return thresholdColour(config, bounds, value);
    case 'palette-classic':
    case 'palette-classic-by-name':
      return seriesColour(index);
    case 'fixed':
    case 'shades':
      return cssColour(config.color?.fixedColor ?? 'text');
    default:
      throw new Error(
        `colour mode: expected thresholds, fixed, palette-classic or ${Object.keys(SCHEMES).join(', ')}, got ${mode}`,
      );
  }
}

/** One colour for all of a series: by its last value where the mode is by value. */
export function fieldColour(
  field: NumberField,
  index: number,
  usual: 'thresholds' | 'palette-classic',
): string {
  const bounds = fieldBounds(field.config, boundsOf([field]));
  const seriesBy = field.config.color?.seriesBy ?? 'last';
  return valueColour(field.config, reduced(field.values, seriesBy) ?? 0, { bounds, index, usual });
}
