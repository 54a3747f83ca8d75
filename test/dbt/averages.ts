/** One value per candle, null where there is none yet. */
export type Series = readonly (number | null)[];

/** `combine` where both are there; `alone` where only the left one is. */
export function zip<Left, Right, Value>(
  left: readonly (Left | null)[],
  right: readonly (Right | null)[],
  combine: (left: Left, right: Right) => Value,
  alone: (left: Left) => Value | null = () => null,
): (Value | null)[] {
  return left.map((value, row) => {
    if (value === null) return null;
    const other = right[row];
    return other === null || other === undefined ? alone(value) : combine(value, other);
  });
}

export function previous<Value>(values: readonly Value[]): (Value | null)[] {
  return [null, ...values.slice(0, -1)];
}

/** `measure` of the last `periods` values, once there are as many. */
export function window(
  values: Series,
  periods: number,
  measure: (last: readonly number[]) => number,
): (number | null)[] {
  return values.map((_, row) => {
    const last = values.slice(Math.max(0, row + 1 - periods), row + 1).filter((value) => value !== null);
    return last.length < periods ? null : measure(last);
  });
}

/** Of whole numbers of which `unit` make 1: one rounding, at the end. */
export function simpleAverage(values: readonly number[], periods: number, unit: number): (number | null)[] {
  return window(values, periods, (last) => sum(last) / (periods * unit));
}

/** Multiplier 2 / (n + 1), first value the simple average of the first n (ChartSchool, Moving Averages). */
export function exponentialAverage(values: Series, periods: number): (number | null)[] {
  return recursive(values, periods, (last, value) => (value - last) * (2 / (periods + 1)) + last);
}

/** (last * (n - 1) + value) / n, first value the simple average of the first n (Wilder 1978). */
export function wilderAverage(values: Series, periods: number): (number | null)[] {
  return recursive(values, periods, (last, value) => (last * (periods - 1) + value) / periods);
}

function recursive(
  values: Series,
  periods: number,
  next: (last: number, value: number) => number,
): (number | null)[] {
  const first: number[] = [];
  let last: number | null = null;
  return values.map((value) => {
    if (value === null) return null;
    if (last !== null) {
      last = next(last, value);
    } else {
      first.push(value);
      if (first.length === periods) last = mean(first);
    }
    return last;
  });
}

/** Of the population, in two passes. */
export function deviation(values: readonly number[]): number {
  if (new Set(values).size === 1) return 0;
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
