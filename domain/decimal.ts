/** A plain decimal string as exchanges send it: digits with an optional fraction, no sign, exponent or NaN. */
export type Decimal = string;

/** What the warehouse's NUMBER(38,18) can hold: 20 digits before the point, 18 after it. */
export const DECIMAL_PATTERN = /^\d{1,20}(\.\d{1,18})?$/;

/** Negative, zero or positive as `a` is below, equal to or above `b`; exact, trailing zeros do not count. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = [scaled(a), scaled(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const SCALE = 18;

function scaled(value: Decimal): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(SCALE, '0'));
}
