import type { Column } from 'snowflake-sdk';

/**
 * As the warehouse's types arrive:
 * - NUMBER without decimals: a number while a double holds it exactly, else a string; with decimals: always a string
 * - FLOAT: a number
 * - TIMESTAMP of any kind: an ISO instant in UTC, to the millisecond; DATE: YYYY-MM-DD; TIME: a string
 * - VARIANT, OBJECT, ARRAY: their JSON text, as parsing it would lose digits
 * - BINARY: hexadecimal digits
 */
export type Value = string | number | boolean | null;

export type Row = Readonly<Record<string, Value>>;

/** Turns what the SDK returns for a column into a Value. */
export function columnReader(column: Column): (value: unknown) => Value {
  const read = readerOf(column);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function readerOf(column: Column): (value: unknown) => Value {
  if (column.isNumber()) return column.getType() === 'real' ? readFloat : numberReader(column.getScale());
  if (column.isDate()) return (value) => instantOf(value).slice(0, 10);
  if (column.isTimestamp()) return instantOf;
  if (column.isBoolean()) return (value) => value === true;
  if (column.isBinary())
    return (value) => (Buffer.isBuffer(value) ? value.toString('hex').toUpperCase() : String(value));
  return String;
}

function numberReader(scale: number): (value: unknown) => Value {
  if (scale > 0) return String;
  return (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
}

/** What is no number in JavaScript's spelling, as `inf`, stays text. */
function readFloat(value: unknown): Value {
  const number = Number(value);
  return Number.isFinite(number) ? number : String(value);
}

function instantOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  throw new Error(`expected a date from the Snowflake SDK, got ${typeof value}`);
}
