/** How often Prometheus scrapes, as Grafana assumes it where the data source says nothing else. */
const SCRAPE_INTERVAL_MS = 15_000;

/** As many points as Prometheus gives at most in one answer. */
const MOST_POINTS = 11_000;

export interface StepChoice {
  readonly fromMs: number;
  readonly toMs: number;
  /** How many points the panel has room for. */
  readonly points: number;
  /** The least step of the panel, as in `1m`. */
  readonly panelInterval?: string | undefined;
  /** The least step of the query. */
  readonly targetInterval?: string | undefined;
}

export interface Step {
  /** `$__interval`, and the step of the query. */
  readonly stepMs: number;
  /** `$__rate_interval`: four scrapes at least, so that a rate always has two samples. */
  readonly rateMs: number;
}

/**
 * Grafana's own choice. Its browser takes the range by the points, rounds it and keeps it above the panel's least; its
 * Prometheus backend takes that as the least step where the query names none, and rounds again, with other bounds.
 * Sources: calculateInterval in @grafana/data's rangeutil.ts; calculatePrometheusInterval and calculateRateInterval in
 * Grafana's pkg/promlib/models/query.go.
 */
export function stepOf({ fromMs, toMs, points, panelInterval, targetInterval }: StepChoice): Step {
  const rawMs = (toMs - fromMs) / points;
  const panelLeastMs = panelInterval ? parseDuration(panelInterval) : SCRAPE_INTERVAL_MS;
  const intervalMs = Math.max(panelLeastMs, roundBelow(rawMs));
  const leastMs = targetInterval ? parseDuration(targetInterval) : intervalMs;
  const safeMs = roundUpTo((toMs - fromMs) / MOST_POINTS);
  const scrapeMs = targetInterval ? leastMs : SCRAPE_INTERVAL_MS;
  return {
    stepMs: Math.max(safeMs, rawMs < leastMs ? leastMs : roundUpTo(rawMs)),
    rateMs: Math.max(intervalMs + scrapeMs, 4 * scrapeMs),
  };
}

/** An annotation asks once a minute, unless it says otherwise. */
export function annotationStep({ step }: { readonly step?: string | undefined }): string {
  return step === undefined || step === '' ? '60s' : step;
}

/** Down to a whole step, counted from local midnight for steps of days: AlignTimeRange in the same file. */
export function alignToStep(timeMs: number, stepMs: number, utcOffsetMs: number): number {
  return Math.floor((timeMs + utcOffsetMs) / stepMs) * stepMs - utcOffsetMs;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
  M: 30 * DAY,
  y: 365 * DAY,
};

/** In ms. Throws for anything but a whole number with a unit, or without one: seconds. */
export function parseDuration(text: string): number {
  const [, count, unit = 's'] = /^>?(\d+)(ms|[smhdwMy])?$/.exec(text) ?? [];
  const unitMs = UNITS[unit];
  const ms = Number(count) * (unitMs ?? 0);
  if (!(ms > 0)) throw new Error(`expected a duration like 30s or 1m, got "${text}"`);
  return ms;
}

/** As PromQL takes it. */
export function formatDuration(ms: number): string {
  return ms % SECOND === 0 ? `${ms / SECOND}s` : `${Math.round(ms)}ms`;
}

/** Up to which length an interval is rounded to which step. */
const ROUNDED: readonly (readonly [limit: number, step: number])[] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1.5 * SECOND, SECOND],
  [3.5 * SECOND, 2 * SECOND],
  [7.5 * SECOND, 5 * SECOND],
  [12.5 * SECOND, 10 * SECOND],
  [17.5 * SECOND, 15 * SECOND],
  [25 * SECOND, 20 * SECOND],
  [45 * SECOND, 30 * SECOND],
  [1.5 * MINUTE, MINUTE],
  [3.5 * MINUTE, 2 * MINUTE],
  [7.5 * MINUTE, 5 * MINUTE],
  [12.5 * MINUTE, 10 * MINUTE],
  [17.5 * MINUTE, 15 * MINUTE],
  [25 * MINUTE, 20 * MINUTE],
  [45 * MINUTE, 30 * MINUTE],
  [1.5 * HOUR, HOUR],
  [2.5 * HOUR, 2 * HOUR],
  [4.5 * HOUR, 3 * HOUR],
  [9 * HOUR, 6 * HOUR],
  [DAY, 12 * HOUR],
  [7 * DAY, DAY],
  [21 * DAY, 7 * DAY],
  [42 * DAY, 30 * DAY],
];

/** The browser's rounding: a limit itself belongs to the next step. */
function roundBelow(ms: number): number {
  return ROUNDED.find(([limit]) => ms < limit)?.[1] ?? 365 * DAY;
}

/** The backend's rounding: a limit itself belongs to its own step. */
function roundUpTo(ms: number): number {
  return ROUNDED.find(([limit]) => ms <= limit)?.[1] ?? 365 * DAY;
}
