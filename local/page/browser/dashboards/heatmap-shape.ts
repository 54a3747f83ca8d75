import { numberFields, timeField } from './display.ts';
import type { BucketConfig, HeatColour, HeatmapOptions } from './heatmap-options.ts';
import type { Frame, PanelData } from '#local/page/dashboards/frame.ts';

export interface Cell {
  readonly fromMs: number;
  readonly toMs: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

export interface HeatMap {
  /** Those that hold anything. */
  readonly cells: readonly Cell[];
  /** Middles of the columns, in ms, rising, without those that hold nothing. */
  readonly times: readonly number[];
  readonly low: number;
  readonly high: number;
  readonly log: 2 | 10 | undefined;
  /** Texts of buckets in order, where they are not numbers of an axis: bucket n lies between n and n + 1. */
  readonly names: readonly string[] | undefined;
  /** Samples that no bucket can take: those not above zero on a logarithmic axis, and what is no number. */
  readonly leftOut: number;
}

/** Cells of time and value: counted from series, or as the buckets of a histogram give them. */
export function heatMapOf(options: HeatmapOptions, data: PanelData): HeatMap {
  return options.calculate ? countedCells(options, data) : bucketCells(options, data);
}

function countedCells(
  { calculation: { xBuckets, yBuckets }, filterValues }: HeatmapOptions,
  data: PanelData,
): HeatMap {
  const log = yBuckets.scale.type === 'log' ? yBuckets.scale.log : undefined;
  const samples = samplesOf(data.frames);
  const usable = samples.filter(({ value }) => Number.isFinite(value) && (log === undefined || value > 0));
  const least = usable.reduce((a, { value }) => Math.min(a, value), Number.POSITIVE_INFINITY);
  const most = usable.reduce((a, { value }) => Math.max(a, value), Number.NEGATIVE_INFINITY);
  const stepMs = timeStep(xBuckets, data.range);
  const scale =
    log === undefined
      ? linearScale(valueStep(yBuckets, least, most))
      : logScale(log, Number(yBuckets.value) || 1);
  const counts = new Map<string, { readonly x: number; readonly y: number; count: number }>();
  for (const { timeMs, value } of usable) {
    const [x, y] = [Math.floor(timeMs / stepMs), scale.bucketOf(value)];
    const known = counts.get(`${x} ${y}`);
    if (known) known.count += 1;
    else counts.set(`${x} ${y}`, { x, y, count: 1 });
  }
  const cells = [...counts.values()]
    .filter(({ count }) => isShown(count, filterValues))
    .map(({ x, y, count }) => ({
      fromMs: x * stepMs,
      toMs: (x + 1) * stepMs,
      low: scale.edge(y),
      high: scale.edge(y + 1),
      count,
    }));
  return { ...extent(cells), cells, log, names: undefined, leftOut: samples.length - usable.length };
}

function bucketCells({ filterValues }: HeatmapOptions, { frames, stepMs }: PanelData): HeatMap {
  const frame = frames.find((one) => timeField(one) !== undefined);
  const times = frame && timeField(frame);
  const buckets = frame ? numberFields([frame]) : [];
  const width = frame?.stepMs ?? stepMs;
  if (!times || buckets.length === 0 || width <= 0) {
    throw new Error(
      'heat map: expected a query in the format heatmap, with Time and a column per bucket, got neither: set "calculate" to count samples',
    );
  }
  const cells = buckets.flatMap(({ field }, bucket) =>
    times.values.flatMap((timeMs, row) => {
      const count = field.values[row] ?? null;
      if (timeMs === null || count === null || !isShown(count, filterValues)) return [];
      // A sample of Prometheus counts what came before it.
      return [{ fromMs: timeMs - width, toMs: timeMs, low: bucket, high: bucket + 1, count }];
    }),
  );
  return {
    ...extent(cells),
    cells,
    low: 0,
    high: buckets.length,
    log: undefined,
    names: buckets.map(({ field }) => field.displayName),
    leftOut: 0,
  };
}

function isShown(count: number, { le, ge }: HeatmapOptions['filterValues']): boolean {
  return count > le && (ge === undefined || count < ge);
}

function extent(cells: readonly Cell[]) {
  return {
    times: [...new Set(cells.map(({ fromMs, toMs }) => (fromMs + toMs) / 2))].toSorted((a, b) => a - b),
    low: cells.reduce((least, { low }) => Math.min(least, low), Number.POSITIVE_INFINITY),
    high: cells.reduce((most, { high }) => Math.max(most, high), Number.NEGATIVE_INFINITY),
  };
}

function samplesOf(frames: readonly Frame[]): { readonly timeMs: number; readonly value: number }[] {
  return numberFields(frames).flatMap(({ frame, field }) =>
    (timeField(frame)?.values ?? []).flatMap((timeMs, row) => {
      const value = field.values[row] ?? null;
      return timeMs === null || value === null ? [] : [{ timeMs, value }];
    }),
  );
}

interface Scale {
  readonly bucketOf: (value: number) => number;
  readonly edge: (bucket: number) => number;
}

/** So that a value on an edge, which binary fractions miss by a little, falls into the bucket above it. */
const NEARLY = 1e-9;

function linearScale(step: number): Scale {
  return {
    bucketOf: (value) => Math.floor(value / step + NEARLY),
    edge: (bucket) => Number((bucket * step).toPrecision(12)),
  };
}

/** Each power of the base in so many parts. */
function logScale(base: 2 | 10, parts: number): Scale {
  const logarithm = base === 2 ? Math.log2 : Math.log10;
  return {
    bucketOf: (value) => Math.floor(logarithm(value) * parts + NEARLY),
    edge: (bucket) => base ** (bucket / parts),
  };
}

/** Grafana's number of columns and of rows when the panel says nothing. */
const [USUAL_COLUMNS, USUAL_ROWS] = [20, 10];

function timeStep({ mode, value }: BucketConfig, { fromMs, toMs }: PanelData['range']): number {
  const size = durationMs(value);
  if (mode === 'size' && size > 0) return size;
  const count = mode === 'count' && Number(value) > 0 ? Number(value) : USUAL_COLUMNS;
  return niceBelow(NICE_TIMES, (toMs - fromMs) / Math.max(count - 1, 1));
}

function valueStep({ mode, value }: BucketConfig, least: number, most: number): number {
  if (mode === 'size' && Number(value) > 0) return Number(value);
  const count = Number(value) > 0 ? Number(value) : USUAL_ROWS;
  return niceBelow(NICE_NUMBERS, (most - least) / Math.max(count - 1, 1));
}

/** `5m`, `30s`, `500ms`, or milliseconds; 0 when it is none. */
function durationMs(text: string): number {
  const [, amount = '', unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/u.exec(text.trim()) ?? [];
  const lengths: Readonly<Record<string, number>> = {
    ms: 1,
    s: 1_000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  };
  return Number(amount) * (lengths[unit] ?? 0);
}

/** The greatest of Grafana's round steps that is not above this one. */
function niceBelow(steps: readonly number[], step: number): number {
  return steps.findLast((one) => one <= step) ?? steps[0] ?? 1;
}

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];
const NICE_TIMES = [
  1,
  2,
  4,
  5,
  10,
  20,
  25,
  40,
  50,
  100,
  200,
  250,
  400,
  500,
  ...[1, 2, 4, 5, 10, 15, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 4, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 8, 12, 18].map((hours) => hours * HOUR),
  ...[1, 2, 3, 4, 5, 6, 7, 10, 15, 30, 45, 60, 90, 180, 365].map((days) => days * DAY),
];
const NICE_NUMBERS = Array.from({ length: 32 }, (_, place) => place - 16).flatMap((exponent) =>
  Array.from({ length: 18 }, (_, half) => 1 + half / 2)
    .filter((factor) => exponent <= 0 || Number.isInteger(factor * 10 ** exponent))
    .map((factor) => Number(`${factor}e${exponent}`))
    .filter((step) => step < 1 || Number.isInteger(step)),
);

/** Where a count lies on the scale of colours, 0 to 1, in the scale's steps. */
export function heatShare(
  count: number,
  { min, max }: { min: number; max: number },
  colour: HeatColour,
): number {
  if (!(max > min)) return 1;
  const linear = Math.min(1, Math.max(0, (count - min) / (max - min)));
  const share =
    colour.scale === 'exponential' && colour.mode === 'opacity' ? linear ** colour.exponent : linear;
  const step = Math.min(colour.steps - 1, Math.floor(share * colour.steps));
  return colour.steps > 1 ? step / (colour.steps - 1) : 1;
}
