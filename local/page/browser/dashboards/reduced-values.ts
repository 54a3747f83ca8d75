import * as z from 'zod';
import { displayOf, numberFields, timeField } from './display.ts';
import type { Shown } from './display.ts';
import type { Field, Frame, PanelData } from '#local/page/dashboards/frame.ts';
import { keepsUnit, reduced } from './reduce.ts';
import { boundsOf } from './scale.ts';
import type { SparkPoint } from './spark-runs.ts';

export const reduceOptions = z.object({
  /** Every row by itself in place of a calculation. */
  values: z.boolean().default(false),
  limit: z.number().optional(),
  calcs: z.array(z.string()).default(['lastNotNull']),
  /** A name, or a pattern between slashes; empty for all numbers. */
  fields: z.string().default(''),
});
export type ReduceOptions = z.infer<typeof reduceOptions>;

/** One number of a panel that shows numbers large. */
export interface BigValue {
  readonly name: string;
  readonly value: number | string | null;
  readonly shown: Shown;
  readonly points: readonly SparkPoint[];
  readonly stepMs: number | undefined;
  readonly frame: Frame;
  readonly field: Field;
  /** The row that it stands for: the last, or its own. */
  readonly row: number;
}

/** Grafana shows no more, whatever the limit. */
const MOST_VALUES = 100;

/** The numbers of all series or, with `values`, of all rows. */
export function bigValues(options: ReduceOptions, { frames, timeZone }: PanelData): BigValue[] {
  const all = chosenFields(options, frames);
  const data = boundsOf(all.map(({ field }) => field));
  const found = all.flatMap(({ frame, field, index }): BigValue[] => {
    const display = displayOf(field, { usual: 'thresholds', index, data, timeZone });
    if (field.type === 'frame') return [];
    const common = { frame, field, stepMs: frame.stepMs };
    if (options.values) {
      return field.values.map((value, row) => ({
        ...common,
        name: rowName(frame, row) ?? field.displayName,
        value,
        shown: display(value),
        points: [],
        row,
      }));
    }
    const points = pointsOf(frame, field);
    return options.calcs.map((calc) => {
      const value = field.type === 'string' ? (field.values.at(-1) ?? null) : reduced(field.values, calc);
      const shown = keepsUnit(calc) ? display(value) : { ...display(value), ...plain(value) };
      return { ...common, name: field.displayName, value, shown, points, row: frame.length - 1 };
    });
  });
  return found.slice(0, Math.min(options.limit ?? MOST_VALUES, MOST_VALUES));
}

function plain(value: number | string | null) {
  const text = value === null ? '' : String(value);
  return { text, parts: { text } };
}

function chosenFields({ fields }: ReduceOptions, frames: readonly Frame[]) {
  if (fields === '') return numberFields(frames);
  const [, pattern] = /^\/(.*)\/$/u.exec(fields) ?? [];
  const chosen = (field: Field) =>
    pattern === undefined
      ? field.name === fields || field.displayName === fields
      : new RegExp(pattern, 'u').test(field.displayName);
  return frames
    .flatMap((frame) => frame.fields.filter(chosen).map((field) => ({ frame, field })))
    .map((found, index) => ({ ...found, index }));
}

/** A row is called by its texts. */
function rowName(frame: Frame, row: number): string | undefined {
  const texts = frame.fields.flatMap((field) => (field.type === 'string' ? [field.values[row] ?? ''] : []));
  return texts.length > 0 ? texts.join(' ') : undefined;
}

function pointsOf(frame: Frame, field: Field): SparkPoint[] {
  const times = timeField(frame)?.values ?? [];
  if (field.type !== 'number') return [];
  return times.flatMap((timeMs, row) =>
    timeMs === null ? [] : [{ timeMs, value: field.values[row] ?? null }],
  );
}
