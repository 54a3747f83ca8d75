import { CANDLE_METRICS } from '#domain/metrics.ts';
import type { CandleQueries } from './candle-panel.ts';

type CandleValue = keyof typeof CANDLE_METRICS;

/** The gauge of one value of the chosen symbol's candles. */
export function ofSymbol(value: CandleValue): string {
  return `${CANDLE_METRICS[value]}{symbol="$symbol"}`;
}

/**
 * The chosen symbol's candles in the graph's own step. One of a minute is the exchange's; of a longer one, high, low and
 * volume are exact, and it opens where the one before it closed, as PromQL can't ask for the first value of a window.
 */
export const CANDLES: CandleQueries = {
  open: [
    `max(last_over_time(${ofSymbol('open')}[$__interval])) and vector($__interval_ms) <= 60000`,
    `max(last_over_time(${ofSymbol('close')}[$__interval] offset $__interval)) and vector($__interval_ms) > 60000`,
  ].join(' or '),
  high: `max(max_over_time(${ofSymbol('high')}[$__interval]))`,
  low: `min(min_over_time(${ofSymbol('low')}[$__interval]))`,
  close: `max(last_over_time(${ofSymbol('close')}[$__interval]))`,
  volume: `sum(sum_over_time(${ofSymbol('baseVolume')}[$__interval]))`,
};
