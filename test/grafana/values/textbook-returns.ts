import type { DayCandles } from './market-day.ts';
import { deviation, ifEnough, mean } from './textbook.ts';
import type { Indicator } from './textbook.ts';

/**
 * What textbooks say of returns: from one minute's close to the next one's. Over a missing minute there is none, be the
 * price before it known or not.
 */
const closeOf = (day: DayCandles, minute: number): number | undefined => {
  const candle = day.get(minute);
  return candle && Number(candle.close);
};

/** Of the minute before. */
const minuteReturn: Indicator = (day, at) => {
  const [before, close] = [closeOf(day, at - 2), closeOf(day, at - 1)];
  return before === undefined || close === undefined ? undefined : close / before - 1;
};

/** Of so many minutes, those that have one. */
function returnsOver(day: DayCandles, at: number, minutes: number): readonly number[] {
  const all = Array.from({ length: minutes }, (_, ago) => minuteReturn(day, at - ago));
  return all.filter((one) => one !== undefined);
}

/** Of a year, from the log returns of minutes. */
export const volatility =
  (minutes: number): Indicator =>
  (day, at) => {
    const returns = returnsOver(day, at, minutes).map((one) => Math.log(1 + one));
    return ifEnough(returns, minutes, () => deviation(returns) * Math.sqrt(365 * 24 * 60));
  };

/** Pearson's, of the returns of those minutes in which both symbols have one. */
export const correlation = (day: DayCandles, other: DayCandles, at: number, minutes: number): number => {
  const pairs: [number, number][] = [];
  for (let ago = 0; ago < minutes; ago++) {
    const [x, y] = [minuteReturn(day, at - ago), minuteReturn(other, at - ago)];
    if (x !== undefined && y !== undefined) pairs.push([x, y]);
  }
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  const covariance = mean(pairs.map(([x, y]) => (x - mean(xs)) * (y - mean(ys))));
  return covariance / (deviation(xs) * deviation(ys));
};
