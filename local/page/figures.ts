import { MINUTE_MS } from '#domain/candle.ts';
import type { Bar } from './candle-book.ts';

const WINDOW_MINUTES = 60;

export interface Change {
  /** 60, or fewer while the store's history is younger than an hour. */
  readonly spanMinutes: number;
  readonly absolute: number;
  /** 0.01 is one per cent; undefined when the earlier price was 0. */
  readonly ratio: number | undefined;
}

/**
 * How far the last close is from the price an hour before it: the close of the candle that closed exactly then, or
 * else the open of the one that opened then. With neither, from the earliest open inside the hour, and the span says so.
 */
export function changeOverHour(bars: readonly Bar[]): Change | undefined {
  const last = bars.at(-1);
  if (!last) return undefined;
  const startMs = last.openMs - (WINDOW_MINUTES - 1) * MINUTE_MS;
  const before = bars.find((bar) => bar.openMs === startMs - MINUTE_MS);
  const first = bars.find((bar) => bar.openMs >= startMs);
  if (!first) return undefined;
  const reference = before ? before.close : first.open;
  const spanMinutes = before ? WINDOW_MINUTES : (last.openMs - first.openMs) / MINUTE_MS + 1;
  const decimals = Math.max(decimalsOf(last.close), decimalsOf(reference));
  const from = Number(reference);
  const absolute = Number((Number(last.close) - from).toFixed(decimals));
  return { spanMinutes, absolute, ratio: from === 0 ? undefined : absolute / from };
}

export interface HourTotals {
  /** Candles that the hour has; below `minutes` some are missing. */
  readonly candles: number;
  /** Minutes from the first candle in the hour to the last. */
  readonly minutes: number;
  readonly high: number;
  readonly low: number;
  readonly baseVolume: number;
  readonly quoteVolume: number;
  readonly trades: number;
  /** Share of the base volume bought by the taker side; undefined without volume. */
  readonly takerBuyShare: number | undefined;
}

/** Sums over the 60 minutes that end with the last candle. */
export function totalsOfHour(bars: readonly Bar[]): HourTotals | undefined {
  const last = bars.at(-1);
  if (!last) return undefined;
  const hour = bars.filter((bar) => bar.openMs > last.openMs - WINDOW_MINUTES * MINUTE_MS);
  const sum = (field: 'baseVolume' | 'quoteVolume' | 'takerBuyBaseVolume' | 'trades') =>
    hour.reduce((total, bar) => total + Number(bar[field]), 0);
  const baseVolume = sum('baseVolume');
  const firstMs = hour[0]?.openMs ?? last.openMs;
  return {
    candles: hour.length,
    minutes: (last.openMs - firstMs) / MINUTE_MS + 1,
    high: Math.max(...hour.map((bar) => Number(bar.high))),
    low: Math.min(...hour.map((bar) => Number(bar.low))),
    baseVolume,
    quoteVolume: sum('quoteVolume'),
    trades: sum('trades'),
    takerBuyShare: baseVolume === 0 ? undefined : sum('takerBuyBaseVolume') / baseVolume,
  };
}

/** Decimals that the pair's prices have: the most that any of them shows, since stores drop trailing zeros. */
export function priceDecimals(bars: readonly Pick<Bar, 'open' | 'high' | 'low' | 'close'>[]): number {
  let decimals = 0;
  for (const bar of bars) {
    for (const field of ['open', 'high', 'low', 'close'] as const) {
      decimals = Math.max(decimals, decimalsOf(bar[field]));
    }
  }
  return decimals;
}

/** Digits after the point of a number's text, `1.5e-07` included. */
export function decimalsOf(value: string): number {
  const [mantissa = '', exponent = '0'] = value.toLowerCase().split('e');
  const fraction = mantissa.split('.')[1] ?? '';
  return Math.min(MAX_DECIMALS, Math.max(0, fraction.length - Number(exponent)));
}

const MAX_DECIMALS = 18;
