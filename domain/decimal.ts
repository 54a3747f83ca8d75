/** A plain decimal string as exchanges send it: digits with an optional fraction, no sign, exponent or NaN. */
export type Decimal = string;

/** What the warehouse's NUMBER(38,18) can hold: 20 digits before the point, 18 after it. */
export const DECIMAL_PATTERN = /^\d{1,20}(?:\.\d{1,18})?$/;

/** The exchange writes its prices and volumes with eight digits after the point. */
const USUAL_SCALE = 8;
const POINT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** Whether `a` <= `b`, exactly. Of two that are written as the exchange does the longer one or, by digits, the later text is larger. */
export function isAtMost(a: Decimal, b: Decimal): boolean {
  const pointA = a.length - USUAL_SCALE - 1;
  const pointB = b.length - USUAL_SCALE - 1;
  if (a.charCodeAt(pointA) === POINT && b.charCodeAt(pointB) === POINT) {
    if (pointA === pointB) return a <= b;
    if ((pointA < pointB ? b : a).charCodeAt(0) !== ZERO) return pointA < pointB;
  }
  return compareDecimals(a, b) <= 0;
}

/** Negative, zero or positive as `a` is below, equal to or above `b`; exact, trailing zeros do not count. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a === b) return 0;
  const [left, right] = [scaled(a), scaled(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const SCALE = 18;

function scaled(value: Decimal): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(SCALE, '0'));
}
