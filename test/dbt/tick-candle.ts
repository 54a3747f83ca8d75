/** A candle in whole ticks of 0.0001, so that comparisons are exact: what the mart decides on decimals. */
export interface TickCandle {
  readonly openMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly quoteVolume: number;
  readonly bought: number;
  readonly trades: number;
}

/** Of them make 1. */
export const TICKS = 10_000;

/** A value of a mart's column. */
export type Cell = number | boolean | string | null;
