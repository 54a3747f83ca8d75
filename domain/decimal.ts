/** A plain decimal string as exchanges send it: digits with an optional fraction, no sign, exponent or NaN. */
export type Decimal = string;

/** What the warehouse's NUMBER(38,18) can hold: 20 digits before the point, 18 after it. */
export const DECIMAL_PATTERN = /^\d{1,20}(?:\.\d{1,18})?$/;

/** Negative, zero or positive as `a` is below, equal to or above `b`; exact, trailing zeros do not count. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a === b) return 0;
  // The exchange writes all of its prices with as many digits after the point: then the longer or, by digits, the later
  // text is the larger number.
  if (fractionDigits(a) === fractionDigits(b)) {
    if (a.length === b.length) return a < b ? -1 : 1;
    const [longer, sign] = a.length > b.length ? [a, 1] : [b, -1];
    if (longer[0] !== '0') return sign;
  }
  const [left, right] = [scaled(a), scaled(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function fractionDigits(value: Decimal): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

const SCALE = 18;

function scaled(value: Decimal): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(SCALE, '0'));
}
