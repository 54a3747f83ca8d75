import { numberFields, timeField } from './display.ts';
import type { Frame, NumberField } from '#local/page/dashboards/frame.ts';
import { graphStyle } from './time-series-options.ts';
import type { GraphStyle } from './time-series-options.ts';

/** null is a hole that no line crosses; undefined is no sample of this series, which its line passes by. */
export type Column = (number | null | undefined)[];

export interface Series {
  readonly field: NumberField;
  readonly style: GraphStyle;
  /** Its place among the panel's fields of numbers, which gives it its colour. */
  readonly index: number;
  /** What was measured, by time. */
  readonly values: Column;
}

export interface Aligned {
  /** In ms, rising. */
  readonly times: number[];
  readonly series: readonly Series[];
}

/** All series of the frames over the times of them all, with holes where samples are missing. */
export function alignSeries(frames: readonly Frame[]): Aligned {
  const found = numberFields(frames)
    .map(({ frame, field, index }) => ({ frame, field, index, style: graphStyle.parse(field.config.custom) }))
    .filter(({ frame, style }) => timeField(frame) !== undefined && !style.hideFrom.viz);
  const points = found.map(({ frame, field, style }) => withHoles(frame, field, style));
  const times = [...new Set(points.flatMap((of) => [...of.keys()]))].toSorted((a, b) => a - b);
  return {
    times,
    series: found.map(({ field, style, index }, place) => ({
      field,
      style,
      index,
      values: times.map((time) => points[place]?.get(time)),
    })),
  };
}

/** A step may be late by as much before its sample counts as missing. */
const LATE = 1.5;

function withHoles(frame: Frame, field: NumberField, style: GraphStyle): Map<number, number | null> {
  const points = new Map<number, number | null>();
  const times = timeField(frame)?.values ?? [];
  const sign = style.transform === 'negative-Y' ? -1 : 1;
  let last: number | undefined;
  for (const [row, time] of times.entries()) {
    const value = field.values[row] ?? null;
    if (time === null) continue;
    if (value === null || Number.isNaN(value)) {
      if (style.spanNulls === false) points.set(time, null);
      continue;
    }
    if (last !== undefined && isHole(time - last, frame.stepMs, style.spanNulls)) {
      points.set(last + (frame.stepMs ?? (time - last) / 2), null);
    }
    points.set(time, value * sign);
    last = time;
  }
  return points;
}

function isHole(apartMs: number, stepMs: number | undefined, spanNulls: boolean | number): boolean {
  if (spanNulls === true || stepMs === undefined) return false;
  return apartMs > (spanNulls === false ? stepMs * LATE : Math.max(spanNulls, stepMs * LATE));
}

/** What of a series is drawn: from `lower` (zero when it is undefined) to `upper`. */
export interface Drawn {
  readonly upper: Column;
  readonly lower: Column | undefined;
}

/**
 * Series of one group on top of each other, positive ones above zero and negative ones below; in percent of their sum
 * where the group says so. What is missing counts as nothing for those above it, and is drawn as nothing itself.
 * Hidden series take no part.
 */
export function stackSeries({ times, series }: Aligned, isHidden: (series: Series) => boolean): Drawn[] {
  const bases = new Map<string, { readonly above: number[]; readonly below: number[] }>();
  const totals = percentTotals({ times, series }, isHidden);
  return series.map((one) => {
    const { mode, group } = one.style.stacking;
    if (mode === 'none' || isHidden(one)) return { upper: one.values, lower: undefined };
    const base = bases.get(groupOf(one)) ?? { above: times.map(() => 0), below: times.map(() => 0) };
    bases.set(groupOf(one), base);
    const total = mode === 'percent' ? totals.get(group) : undefined;
    const lower: Column = [];
    const upper = one.values.map((value, column) => {
      if (value === null || value === undefined) {
        lower.push(value);
        return value;
      }
      const share = total ? value / (total[column] || 1) : value;
      const side = value < 0 ? base.below : base.above;
      const from = side[column] ?? 0;
      lower.push(from);
      side[column] = from + share;
      return from + share;
    });
    return { upper, lower };
  });
}

/** Lines and bars are stacked apart, as in Grafana. */
function groupOf({ style }: Series): string {
  return `${style.stacking.mode} ${style.stacking.group} ${style.drawStyle}`;
}

function percentTotals(
  { times, series }: Aligned,
  isHidden: (series: Series) => boolean,
): Map<string, number[]> {
  const totals = new Map<string, number[]>();
  for (const one of series) {
    if (one.style.stacking.mode !== 'percent' || isHidden(one)) continue;
    const total = totals.get(one.style.stacking.group) ?? times.map(() => 0);
    totals.set(
      one.style.stacking.group,
      total.map((sum, column) => sum + Math.abs(one.values[column] ?? 0)),
    );
  }
  return totals;
}

/** Columns of samples that stand alone: a hole, or nothing, on both sides. */
export function isolated(column: Column): number[] {
  const present = [...column.entries()].filter(([, value]) => value !== undefined);
  return present.flatMap(([place, value], index) => {
    const [before, after] = [present[index - 1]?.[1], present[index + 1]?.[1]];
    const alone = value !== null && typeof before !== 'number' && typeof after !== 'number';
    return alone ? [place] : [];
  });
}
