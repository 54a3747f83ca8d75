import { MINUTE_MS } from '#domain/candle.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import type { Series } from './answers.ts';

/** One minute of one pair, in Prometheus's own number texts. */
export interface Bar extends Readonly<Record<BarField, string>> {
  readonly openMs: number;
}

type BarField = keyof typeof CANDLE_METRICS;

/** What a merge changed: where the first new or different bar is, or nothing. */
export type Merged = { readonly kind: 'same' } | { readonly kind: 'changed'; readonly fromMs: number };

/** The bars of one pair, gathered from answers that overlap. A minute without a bar stays without one. */
export class CandleBook {
  readonly #bars = new Map<number, Bar>();

  merge(series: readonly Series[]): Merged {
    let fromMs = Number.POSITIVE_INFINITY;
    for (const bar of toBars(series)) {
      if (equal(this.#bars.get(bar.openMs), bar)) continue;
      this.#bars.set(bar.openMs, bar);
      fromMs = Math.min(fromMs, bar.openMs);
    }
    return fromMs === Number.POSITIVE_INFINITY ? { kind: 'same' } : { kind: 'changed', fromMs };
  }

  /** In order of time. */
  bars(): readonly Bar[] {
    return [...this.#bars.values()].toSorted((a, b) => a.openMs - b.openMs);
  }
}

/** A place on the time axis, with the bar that opens there, if there is one. */
export interface Step<B> {
  readonly openMs: number;
  readonly bar: B | undefined;
}

/** Each step from the first bar to the last, so that a missing bar is a place without one. */
export function everyStep<B extends { readonly openMs: number }>(
  bars: readonly B[],
  stepMs: number,
): readonly Step<B>[] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return [];
  const byTime = new Map(bars.map((bar) => [bar.openMs, bar]));
  const length = (last.openMs - first.openMs) / stepMs + 1;
  return Array.from({ length }, (_, index) => {
    const openMs = first.openMs + index * stepMs;
    return { openMs, bar: byTime.get(openMs) };
  });
}

/** A candle's last millisecond, which its samples bear. */
export function closeMsOf(bar: Pick<Bar, 'openMs'>): number {
  return bar.openMs + MINUTE_MS - 1;
}

const FIELD_OF_METRIC = new Map<string, BarField>(
  Object.entries(CANDLE_METRICS).map(([field, metric]) => [metric, field as BarField]), // its own keys
);

/** A minute counts only when all its metrics are there: a write that is half done is a bar of the next answer. */
function* toBars(series: readonly Series[]): Generator<Bar> {
  const minutes = new Map<number, Partial<Record<BarField, string>>>();
  for (const { labels, samples } of series) {
    const field = FIELD_OF_METRIC.get(labels['__name__'] ?? '');
    if (!field) continue;
    for (const [timeMs, value] of samples) {
      if (!Number.isFinite(Number(value))) continue;
      const openMs = timeMs + 1 - MINUTE_MS;
      // Anything stamped elsewhere than at a minute's end is not a candle of this pipeline.
      if (openMs % MINUTE_MS !== 0) continue;
      const minute = minutes.get(openMs) ?? {};
      minute[field] = value;
      minutes.set(openMs, minute);
    }
  }
  for (const [openMs, fields] of minutes) {
    if (isWhole(fields)) yield { openMs, ...fields };
  }
}

function isWhole(fields: Partial<Record<BarField, string>>): fields is Record<BarField, string> {
  return Object.keys(fields).length === FIELD_OF_METRIC.size;
}

function equal(a: Bar | undefined, b: Bar): boolean {
  return a !== undefined && [...FIELD_OF_METRIC.values()].every((field) => a[field] === b[field]);
}
