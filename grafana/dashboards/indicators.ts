import type { CANDLE_METRICS } from '#domain/metrics.ts';
import { ofSymbol } from './candle-queries.ts';

/**
 * Technical indicators of the chosen symbol's one-minute candles as PromQL, for steps of whole minutes.
 *
 * A candle's sample bears its close time, a millisecond before the full minute, so a range of N minutes that ends at a
 * full second holds N samples whether or not its edges count. A minute without a candle is left out, never a zero; where
 * more than a tenth of the minutes is missing there is no value rather than a wrong one. Each gives one series without
 * labels. All of them ask the candles themselves and no recorded rule, so that they show the past too.
 */

type CandleValue = keyof typeof CANDLE_METRICS;

/** The candle that closed in the minute before; none where that minute has none. */
const fresh = (value: CandleValue) => `last_over_time(${ofSymbol(value)}[59s])`;

/** The close of the minute before that; none where that one has no candle. */
const MINUTE_BEFORE = `last_over_time(${ofSymbol('close')}[59s] offset 1m)`;

/** The close before that candle, up to five minutes back. */
const PREVIOUS_CLOSE = `(${ofSymbol('close')} offset 1m)`;

/** Of an expression at the last N full minutes: one second short of N, as a subquery's both ends may count. */
const lastMinutes = (expr: string, minutes: number) => `(${expr})[${minutes * 60 - 1}s:1m]`;

const enough = (range: string, minutes: number) => `count_over_time(${range}) >= ${Math.ceil(minutes * 0.9)}`;

/** One series of what is enough to be believed. */
const shown = (expr: string, range: string, minutes: number) =>
  `max((${expr}) and (${enough(range, minutes)}))`;

/** Simple moving average of closes. */
export function sma(minutes: number): string {
  const range = `${ofSymbol('close')}[${minutes}m]`;
  return shown(`avg_over_time(${range})`, range, minutes);
}

/** What was paid for a unit on average: quote volume by base volume, which is exact over all trades. */
export function vwap(minutes: number): string {
  const volume = (value: 'quoteVolume' | 'baseVolume') =>
    `sum(sum_over_time(${ofSymbol(value)}[${minutes}m]))`;
  return `${volume('quoteVolume')} / (${volume('baseVolume')} > 0)`;
}

/** Bollinger's bands: so many standard deviations (of the whole population, as he takes it) off the moving average. */
export function bollinger(minutes: number, deviations: number): string {
  const range = `${ofSymbol('close')}[${minutes}m]`;
  const sign = deviations < 0 ? '-' : '+';
  const band = `avg_over_time(${range}) ${sign} ${Math.abs(deviations)} * stddev_over_time(${range})`;
  return shown(band, range, minutes);
}

const CHANGE = `${fresh('close')} - ${PREVIOUS_CLOSE}`;

/**
 * Relative strength index with simple averages of gains and losses (Cutler's; Wilder's smoothing never forgets, and so
 * depends on where one begins). No value where no close differs from the one before.
 */
export function rsi(minutes: number): string {
  const changes = lastMinutes(CHANGE, minutes);
  const gains = `avg_over_time(${lastMinutes(`clamp_min(${CHANGE}, 0)`, minutes)})`;
  const moves = `avg_over_time(${lastMinutes(`abs(${CHANGE})`, minutes)})`;
  return shown(`100 * ${gains} / (${moves} > 0)`, changes, minutes);
}

/** max(high, previous close) - min(low, previous close), which is the greatest of Wilder's three ranges. */
const TRUE_RANGE = [
  `((${fresh('high')} > ${PREVIOUS_CLOSE}) or (${PREVIOUS_CLOSE} and ${fresh('high')}))`,
  `((${fresh('low')} < ${PREVIOUS_CLOSE}) or (${PREVIOUS_CLOSE} and ${fresh('low')}))`,
].join(' - ');

/** Average true range, as a simple average. */
export function atr(minutes: number): string {
  const ranges = lastMinutes(TRUE_RANGE, minutes);
  return shown(`avg_over_time(${ranges})`, ranges, minutes);
}

/**
 * Exponential moving average, the newest weighing 2 / (N + 1), over the minutes that hold 99.9 % of all weight; there is
 * a value once 2 N of them are there. PromQL has none: the weights grow with time from the beginning of the graph, and
 * dividing by their sum takes that out again. They overflow where a graph spans more than two days, which then shows no
 * line.
 */
function ema(expr: string, minutes: number): string {
  const decay = -Math.log(1 - 2 / (minutes + 1));
  const window = Math.ceil(-Math.log(0.001) / decay);
  const weight = `scalar(exp(vector(${decay / 60} * (time() - $__from / 1000))))`;
  const weighted = `sum_over_time(${lastMinutes(`(${expr}) * ${weight}`, window)})`;
  const weights = `sum_over_time(${lastMinutes(`(${expr}) * 0 + ${weight}`, window)})`;
  // the minutes before weigh next to nothing, and a young chart need not wait for them
  const known = `count_over_time(${lastMinutes(expr, window)}) >= ${2 * minutes}`;
  return `(${weighted} / ${weights} and (${known}))`;
}

const MACD_LINE = `${ema(fresh('close'), 12)} - ${ema(fresh('close'), 26)}`;
const SIGNAL_LINE = ema(MACD_LINE, 9);

/** Appel's moving average convergence and divergence, of 12, 26 and 9 minutes. */
export const MACD = {
  macd: `max(${MACD_LINE})`,
  signal: `max(${SIGNAL_LINE})`,
  histogram: `max(${MACD_LINE} - ${SIGNAL_LINE})`,
};

/** Of the newest close against the one so long before, which may be of up to five minutes earlier where that is missing. */
export function change(before: string): string {
  return `max(${ofSymbol('close')}) / max(${ofSymbol('close')} offset ${before}) - 1`;
}

const MINUTES_A_YEAR = 525_600;

/**
 * Standard deviation of the log returns of so many minutes, as if a year went on like that. A move over missing minutes is
 * none of one minute, and left out.
 */
export function volatility(minutes: number): string {
  const returns = lastMinutes(`ln(${fresh('close')} / ${MINUTE_BEFORE})`, minutes);
  return shown(`stddev_over_time(${returns}) * ${Math.sqrt(MINUTES_A_YEAR)}`, returns, minutes);
}

/** Where the newest close lies between the lowest and the highest of the last day: 0 to 1. */
export const RANGE_POSITION = [
  `(max(${ofSymbol('close')}) - min(min_over_time(${ofSymbol('low')}[24h])))`,
  `((max(max_over_time(${ofSymbol('high')}[24h])) - min(min_over_time(${ofSymbol('low')}[24h]))) > 0)`,
].join(' / ');
