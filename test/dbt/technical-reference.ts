import { candleForms } from './candle-form-reference.ts';
import {
  deviation,
  exponentialAverage,
  mean,
  previous,
  simpleAverage,
  wilderAverage,
  window,
  zip,
} from './averages.ts';
import { TICKS } from './tick-candle.ts';
import type { Cell, TickCandle } from './tick-candle.ts';

/**
 * What a technical mart should hold for one symbol's candles, in order, by column: row by row from the published
 * definitions, with nothing of the mart's SQL.
 */
export function technicalReference(
  candles: readonly TickCandle[],
  periodMinutes: number,
): Readonly<Record<string, readonly Cell[]>> {
  const periodsPerYear = (365 * 1440) / periodMinutes;
  const ticks = candles.map(({ close }) => close);
  const close = ticks.map((value) => value / TICKS);
  const change = zip(ticks, previous(ticks), (now, before) => (now - before) / TICKS);
  const logReturn = zip(ticks, previous(ticks), (now, before) => Math.log(now / before));
  const trueRange = zip(
    candles,
    [null, ...ticks].slice(0, -1),
    trueRangeOf,
    (candle) => candle.high - candle.low,
  ).map((range) => (range ?? 0) / TICKS);
  const ema12 = exponentialAverage(close, 12);
  const ema26 = exponentialAverage(close, 26);
  const macdLine = zip(ema12, ema26, (fast, slow) => fast - slow);
  const macdSignal = exponentialAverage(macdLine, 9);
  const gain = wilderAverage(
    zip(change, change, (step) => Math.max(step, 0)),
    14,
  );
  const loss = wilderAverage(
    zip(change, change, (step) => Math.max(-step, 0)),
    14,
  );
  const sma20 = simpleAverage(ticks, 20, TICKS);
  const width = window(close, 20, (last) => 2 * deviation(last));
  const upper = zip(sma20, width, (middle, half) => middle + half);
  const lower = zip(sma20, width, (middle, half) => middle - half);
  const volatility = (periods: number) =>
    window(logReturn, periods, (last) => Math.sqrt(periodsPerYear * mean(last.map((value) => value ** 2))));
  return {
    CANDLE_NUMBER: candles.map((_, row) => row + 1),
    FOLLOWS_GAP: candles.map(({ openMs }, row) => {
      const before = candles[row - 1];
      return before !== undefined && openMs - before.openMs !== periodMinutes * 60_000;
    }),
    CLOSE_PRICE: close,
    ABSOLUTE_RETURN: change,
    PERCENT_RETURN: zip(ticks, previous(ticks), (now, before) => (100 * (now - before)) / before),
    LOG_RETURN: logReturn,
    CUMULATIVE_PERCENT_RETURN: ticks.map((now) => (100 * (now - (ticks[0] ?? now))) / (ticks[0] ?? now)),
    SMA_10: simpleAverage(ticks, 10, TICKS),
    SMA_20: sma20,
    SMA_50: simpleAverage(ticks, 50, TICKS),
    SMA_200: simpleAverage(ticks, 200, TICKS),
    EMA_12: ema12,
    EMA_26: ema26,
    MACD_LINE: macdLine,
    MACD_SIGNAL: macdSignal,
    MACD_HISTOGRAM: zip(macdLine, macdSignal, (line, signal) => line - signal),
    RSI_14: zip(gain, loss, (up, down) => (down === 0 ? 100 : 100 - 100 / (1 + up / down))),
    BOLLINGER_UPPER: upper,
    BOLLINGER_LOWER: lower,
    BOLLINGER_BANDWIDTH_PERCENT: zip(width, sma20, (half, middle) => (200 * half) / middle),
    BOLLINGER_PERCENT_B: zip(
      close,
      zip(upper, lower, (high, low) => ({ high, low })),
      (price, { high, low }) => (high === low ? null : (price - low) / (high - low)),
    ),
    TRUE_RANGE: trueRange,
    ATR_14: wilderAverage(trueRange, 14),
    REALISED_VOLATILITY_10: volatility(10),
    REALISED_VOLATILITY_20: volatility(20),
    REALISED_VOLATILITY_7D: volatility((7 * 1440) / periodMinutes),
    ...candleForms(candles),
  };
}

function trueRangeOf(candle: TickCandle, close: number): number {
  return Math.max(candle.high - candle.low, Math.abs(candle.high - close), Math.abs(candle.low - close));
}
