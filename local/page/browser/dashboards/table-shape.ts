import * as z from 'zod';
import { displayOf, numberFields } from './display.ts';
import type { Shown } from './display.ts';
import type { Field, Frame, NumberField, PanelData } from '#local/page/dashboards/frame.ts';
import { calcName, keepsUnit, reduced } from './reduce.ts';
import { boundsOf } from './scale.ts';

export const tableOptions = z.object({
  showHeader: z.boolean().default(true),
  frameIndex: z.number().default(0),
  cellHeight: z.enum(['sm', 'md', 'lg', 'auto']).default('sm'),
  sortBy: z.array(z.object({ displayName: z.string(), desc: z.boolean().default(false) })).default([]),
  footer: z
    .object({
      show: z.boolean().default(false),
      reducer: z.array(z.string()).default([]),
      fields: z.union([z.array(z.string()), z.string()]).default([]),
      countRows: z.boolean().default(false),
    })
    .prefault({}),
});
export type TableOptions = z.infer<typeof tableOptions>;

const cellOptions = z.object({
  type: z
    .enum(['auto', 'color-text', 'color-background', 'gauge', 'sparkline', 'data-links'])
    .default('auto'),
  mode: z.enum(['basic', 'gradient', 'lcd']).default('basic'),
  valueDisplayMode: z.enum(['color', 'text', 'hidden']).default('color'),
  applyToRow: z.boolean().default(false),
  hideValue: z.boolean().default(false),
});

const columnStyle = z.object({
  width: z.number().optional(),
  minWidth: z.number().optional(),
  align: z.enum(['auto', 'left', 'center', 'right']).default('auto'),
  hidden: z.boolean().default(false),
  cellOptions: cellOptions.prefault({}),
});

export interface Column {
  readonly field: Field;
  readonly name: string;
  readonly style: z.infer<typeof columnStyle>;
  readonly align: 'left' | 'center' | 'right';
  readonly display: (value: number | string | null) => Shown;
}

export interface Sort {
  readonly name: string;
  readonly desc: boolean;
}

/** The frame that a table shows, and its columns. Throws when a cell is of a type that is not drawn. */
export function columnsOf(
  options: TableOptions,
  { frames, timeZone }: PanelData,
): { frame: Frame | undefined; columns: Column[] } {
  const frame = frames[options.frameIndex] ?? frames[0];
  const data = boundsOf(numberFields(frames).map(({ field }) => field));
  let index = -1;
  const columns = (frame?.fields ?? []).map((field) => {
    if (field.type === 'number') index += 1;
    const style = columnStyle.parse(field.config.custom);
    const usual = field.type === 'number' || field.type === 'frame' ? 'right' : 'left';
    return {
      field,
      name: field.displayName,
      style,
      align: style.align === 'auto' ? usual : style.align,
      display: displayOf(field, {
        usual: 'thresholds',
        index: Math.max(0, index),
        data: field.config.fieldMinMax ? boundsOf([field]) : data,
        timeZone,
      }),
    };
  });
  return { frame, columns: columns.filter(({ style }) => !style.hidden) };
}

/** Row numbers in the order of a column; what has no value comes last either way, and ties keep their order. */
export function sortedRows(length: number, columns: readonly Column[], sort: Sort | undefined): number[] {
  const rows = Array.from({ length }, (_, row) => row);
  const field = columns.find(({ name }) => name === sort?.name)?.field;
  if (!sort || !field) return rows;
  const keys = rows.map((row) => sortKey(field, row));
  const sign = sort.desc ? -1 : 1;
  return rows.toSorted((a, b) => compared(keys[a] ?? null, keys[b] ?? null, sign));
}

function sortKey(field: Field, row: number): number | string | null {
  if (field.type !== 'frame') {
    const value = field.values[row] ?? null;
    return typeof value === 'number' && Number.isNaN(value) ? null : value;
  }
  const last = seriesOf(field.values[row] ?? null);
  return last && reduced(last.values, 'lastNotNull');
}

/** The numbers of a time series in a cell. */
export function seriesOf(frame: Frame | null): NumberField | null {
  return frame?.fields.find((field) => field.type === 'number') ?? null;
}

function compared(a: number | string | null, b: number | string | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * collator.compare(String(a), String(b));
}

const collator = new Intl.Collator('en', { numeric: true });

/** After a press on a column's name: rising, falling, as it came. */
export function nextSort(sort: Sort | undefined, name: string): Sort | undefined {
  if (sort?.name !== name) return { name, desc: false };
  return sort.desc ? undefined : { name, desc: true };
}

/** A text under each column; undefined without a footer. */
export function footerOf(
  { footer }: TableOptions,
  frame: Frame | undefined,
  columns: readonly Column[],
): string[] | undefined {
  if (!footer.show || !frame) return undefined;
  const [calc = 'count'] = footer.reducer;
  if (footer.countRows && calc === 'count') {
    return columns.map((_, place) => (place === 0 ? `Count: ${frame.length}` : ''));
  }
  const wanted = [footer.fields].flat();
  const texts = columns.map(({ field, name, display }) => {
    if (field.type !== 'number' || (wanted.length > 0 && !wanted.includes(name))) return '';
    const value = reduced(field.values, calc);
    return keepsUnit(calc) ? display(value).text : String(value ?? '');
  });
  return texts.map((text, place) => (place === 0 && text === '' ? calcName(calc) : text));
}
