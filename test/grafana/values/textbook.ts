import type { DayCandles } from './market-day.ts';

/**
 * Indicators as the textbooks define them, by plain arithmetic over the candles themselves: nothing here knows how a
 * dashboard asks for them. `at` is the minute that has just begun, so the newest candle that there can be is of the
 * minute before. Undefined where there is no value to show.
 */
export type Indicator = (day: DayCandles, at: number) => number | undefined;

type Field =
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'baseVolume'
  | 'quoteVolume'
  | 'takerBuyBaseVolume'
  | 'takerBuyQuoteVolume'
  | 'trades';

/** Half-open: of the minutes from `from` to before `to`, those that have a candle. */
function valuesOf(day: DayCandles, field: Field, from: number, to: number): readonly number[] {
  const values: number[] = [];
  for (let minute = from; minute < to; minute++) {
    const candle = day.get(minute);
    if (candle) values.push(Number(candle[field]));
  }
  return values;
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
export const mean = (values: readonly number[]) => total(values) / values.length;

/** Of the whole population. */
export const deviation = (values: readonly number[]) => {
  const average = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
};

/** The panels promise no value where more than a tenth of the minutes is missing. */
export const ifEnough = (values: readonly number[], minutes: number, value: () => number) =>
  values.length * 10 >= minutes * 9 ? value() : undefined;

/** Of the candle of the last five minutes that is newest: as long a last value is shown. */
function newest(day: DayCandles, field: Field, at: number): number | undefined {
  return valuesOf(day, field, at - 5, at).at(-1);
}

export const last =
  (field: Field): Indicator =>
  (day, at) =>
    newest(day, field, at);

/** Of the minute before, and of no other. */
export const ofMinute =
  (field: Field): Indicator =>
  (day, at) =>
    valuesOf(day, field, at - 1, at)[0];

export const sum =
  (field: Field, minutes: number): Indicator =>
  (day, at) => {
    const values = valuesOf(day, field, at - minutes, at);
    return values.length === 0 ? undefined : total(values);
  };

export const sma =
  (minutes: number): Indicator =>
  (day, at) => {
    const closes = valuesOf(day, 'close', at - minutes, at);
    return ifEnough(closes, minutes, () => mean(closes));
  };

/** So many standard deviations off the moving average. */
export const band =
  (minutes: number, deviations: number): Indicator =>
  (day, at) => {
    const closes = valuesOf(day, 'close', at - minutes, at);
    return ifEnough(closes, minutes, () => mean(closes) + deviations * deviation(closes));
  };

export const ratio =
  (above: Indicator, below: Indicator): Indicator =>
  (day, at) => {
    const [numerator, denominator] = [above(day, at), below(day, at)];
    return numerator === undefined || !denominator ? undefined : numerator / denominator;
  };

export const difference =
  (from: Indicator, taken: Indicator): Indicator =>
  (day, at) => {
    const [whole, part] = [from(day, at), taken(day, at)];
    return whole === undefined || part === undefined ? undefined : whole - part;
  };

export const change =
  (minutes: number): Indicator =>
  (day, at) => {
    const before = newest(day, 'close', at - minutes);
    const now = newest(day, 'close', at);
    return now === undefined || before === undefined ? undefined : now / before - 1;
  };

/** What something of one minute and the close before it was in each of the last minutes that have both. */
function overMinutes(
  day: DayCandles,
  at: number,
  minutes: number,
  of: (minute: number, before: number) => number,
) {
  const values: number[] = [];
  for (let minute = at - minutes; minute < at; minute++) {
    const before = newest(day, 'close', minute);
    if (day.has(minute) && before !== undefined) values.push(of(minute, before));
  }
  return values;
}

const field = (day: DayCandles, minute: number, name: Field) => Number(day.get(minute)?.[name]);

/** Cutler's: simple averages of gains and of losses. */
export const rsi =
  (minutes: number): Indicator =>
  (day, at) => {
    const moves = overMinutes(day, at, minutes, (minute, before) => field(day, minute, 'close') - before);
    const gains = mean(moves.map((move) => Math.max(move, 0)));
    const losses = mean(moves.map((move) => Math.max(-move, 0)));
    if (gains + losses === 0) return undefined;
    return ifEnough(moves, minutes, () => 100 - 100 / (1 + gains / losses));
  };

/** Wilder's true range, on a simple average. */
export const atr =
  (minutes: number): Indicator =>
  (day, at) => {
    const ranges = overMinutes(day, at, minutes, (minute, before) => {
      const [high, low] = [field(day, minute, 'high'), field(day, minute, 'low')];
      return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
    });
    return ifEnough(ranges, minutes, () => mean(ranges));
  };

/** The newest weighs most, each before it (N - 1) / (N + 1) of that, as far back as 99.9 % of all weight lies. */
export const ema =
  (of: Indicator, minutes: number): Indicator =>
  (day, at) => {
    const keep = 1 - 2 / (minutes + 1);
    let [weighted, weights, known] = [0, 0, 0];
    for (let ago = 0; keep ** ago > 0.001; ago++) {
      const value = of(day, at - ago);
      if (value === undefined) continue;
      weighted += value * keep ** ago;
      weights += keep ** ago;
      known += 1;
    }
    return known >= 2 * minutes ? weighted / weights : undefined;
  };

/** Where the newest close lies between the lowest and the highest price of so many minutes. */
export const rangePosition =
  (minutes: number): Indicator =>
  (day, at) => {
    const [close, low, high] = [
      newest(day, 'close', at),
      lowest(minutes)(day, at),
      highest(minutes)(day, at),
    ];
    if (close === undefined || low === undefined || high === undefined) return undefined;
    return (close - low) / (high - low);
  };

export const highest =
  (minutes: number): Indicator =>
  (day, at) =>
    extreme(valuesOf(day, 'high', at - minutes, at), Math.max);

export const lowest =
  (minutes: number): Indicator =>
  (day, at) =>
    extreme(valuesOf(day, 'low', at - minutes, at), Math.min);

function extreme(values: readonly number[], choose: (...values: number[]) => number): number | undefined {
  return values.length === 0 ? undefined : choose(...values);
}
