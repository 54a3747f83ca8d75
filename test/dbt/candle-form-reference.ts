import { mean, previous, simpleAverage, sum, zip } from './averages.ts';
import { TICKS } from './tick-candle.ts';
import type { Cell, TickCandle } from './tick-candle.ts';

/** Forms, volume and flags: the other half of the technical reference. */
export function candleForms(candles: readonly TickCandle[]): Readonly<Record<string, readonly Cell[]>> {
  const shapes = candles.map(shapeOf);
  const exact = (name: keyof Shape) => shapes.map((shape) => shape[name] / TICKS);
  const ratio = (name: keyof Shape) =>
    shapes.map((shape) => (shape.range === 0 ? null : shape[name] / shape.range));
  const volumes = candles.map(({ volume }) => volume);
  const volumeSma = simpleAverage(volumes, 20, TICKS);
  const illiquidity = candles.map((candle, row) => illiquidityOf(candle, candles[row - 1]));
  const isAbove = candles.map((_, row) =>
    row < 199 ? null : 4 * closeSum(candles, row, 50) > closeSum(candles, row, 200),
  );
  const before = candles.map((_, row) => (row < 20 ? null : candles.slice(row - 20, row)));
  const highest = before.map((rows) => rows && Math.max(...rows.map(({ high }) => high)));
  const lowest = before.map((rows) => rows && Math.min(...rows.map(({ low }) => low)));
  return {
    CANDLE_RANGE: exact('range'),
    BODY: exact('body'),
    UPPER_WICK: exact('upper'),
    LOWER_WICK: exact('lower'),
    BODY_RATIO: ratio('body'),
    UPPER_WICK_RATIO: ratio('upper'),
    LOWER_WICK_RATIO: ratio('lower'),
    CANDLE_TYPE: candles.map((candle, row) => formOf(candle, candles[row - 1], trendAt(candles, row))),
    IS_GOLDEN_CROSS: zip(isAbove, previous(isAbove), (now, then) => now && !then),
    IS_DEATH_CROSS: zip(isAbove, previous(isAbove), (now, then) => !now && then),
    VOLUME_SMA_20: volumeSma,
    VOLUME_RATIO: zip(volumes, volumeSma, (volume, usual) => (usual === 0 ? null : volume / TICKS / usual)),
    IS_VOLUME_SPIKE: zip(
      candles,
      before,
      ({ volume }, rows) => volume * 20 > 2 * sum(rows.map((row) => row.volume)),
    ),
    BUY_RATIO: candles.map(({ bought, volume }) => (volume === 0 ? null : bought / volume)),
    BUY_PRESSURE: candles.map(({ bought, volume }) =>
      volume === 0 ? null : (bought - (volume - bought)) / volume,
    ),
    HIGHEST_HIGH_20: highest.map((price) => price && price / TICKS),
    LOWEST_LOW_20: lowest.map((price) => price && price / TICKS),
    IS_BREAKOUT_UP: zip(candles, highest, ({ close }, price) => close > price),
    IS_BREAKOUT_DOWN: zip(candles, lowest, ({ close }, price) => close < price),
    ILLIQUIDITY_PER_MILLION: illiquidity,
    IS_LIQUIDITY_STRESS: candles.map(({ trades }, row) => {
      if (trades === 0) return true;
      if (row < 21) return null;
      const known = illiquidity.slice(row - 20, row).filter((value) => value !== null);
      return known.length > 0 && (illiquidity[row] ?? 0) > 3 * mean(known);
    }),
  };
}

interface Shape {
  readonly range: number;
  readonly body: number;
  readonly upper: number;
  readonly lower: number;
}

function shapeOf({ open, high, low, close }: TickCandle): Shape {
  return {
    range: high - low,
    body: Math.abs(close - open),
    upper: high - Math.max(open, close),
    lower: Math.min(open, close) - low,
  };
}

function illiquidityOf(candle: TickCandle, last: TickCandle | undefined): number | null {
  if (last === undefined || candle.quoteVolume === 0) return null;
  return (Math.abs(candle.close - last.close) / last.close / (candle.quoteVolume / TICKS)) * 1e6;
}

function closeSum(candles: readonly TickCandle[], row: number, periods: number): number {
  return sum(candles.slice(row + 1 - periods, row + 1).map(({ close }) => close));
}

/** Where the candle before stands against the mean of the ten closes that end with it. */
function trendAt(candles: readonly TickCandle[], row: number): 'rising' | 'falling' | 'none' {
  const last = candles[row - 1];
  if (last === undefined || row < 10) return 'none';
  const distance = 10 * last.close - closeSum(candles, row - 1, 10);
  if (distance === 0) return 'none';
  return distance > 0 ? 'rising' : 'falling';
}

function formOf(
  candle: TickCandle,
  last: TickCandle | undefined,
  trend: 'rising' | 'falling' | 'none',
): string {
  const { range, body, upper, lower } = shapeOf(candle);
  const isUp = candle.close > candle.open;
  if (range === 0) return 'four_price_doji';
  const engulfed = last && engulfs(candle, last);
  if (engulfed) return isUp ? 'bullish_engulfing' : 'bearish_engulfing';
  if (body <= range / 10) {
    if (upper <= range / 10) return 'dragonfly_doji';
    return lower <= range / 10 ? 'gravestone_doji' : 'doji';
  }
  if (trend !== 'none' && lower >= 2 * body && upper <= range / 10)
    return trend === 'falling' ? 'hammer' : 'hanging_man';
  if (trend !== 'none' && upper >= 2 * body && lower <= range / 10) {
    return trend === 'falling' ? 'inverted_hammer' : 'shooting_star';
  }
  if (body >= 0.95 * range) return isUp ? 'bullish_marubozu' : 'bearish_marubozu';
  if (body <= range / 3 && upper >= body && lower >= body) return 'spinning_top';
  return isUp ? 'bullish' : 'bearish';
}

/** The body covers the other's, is larger, and goes the other way. */
function engulfs(candle: TickCandle, last: TickCandle): boolean {
  const covers =
    Math.min(candle.open, candle.close) <= Math.min(last.open, last.close) &&
    Math.max(candle.open, candle.close) >= Math.max(last.open, last.close);
  const opposite = Math.sign(candle.close - candle.open) * Math.sign(last.close - last.open) === -1;
  return covers && opposite && shapeOf(candle).body > shapeOf(last).body;
}
