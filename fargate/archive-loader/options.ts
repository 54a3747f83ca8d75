import { InvalidArgumentError } from 'commander';
import { MINUTE_MS, SYMBOL_PATTERN } from '#domain/candle.ts';
import { DAY_MS } from './piece.ts';

/** `streamed`, or names. */
export function readSymbols(text: string): 'streamed' | readonly string[] {
  if (text === 'streamed') return 'streamed';
  const symbols = [...new Set(text.split(',').map((symbol) => symbol.trim().toUpperCase()))];
  if (symbols.every((symbol) => SYMBOL_PATTERN.test(symbol))) return symbols;
  throw new InvalidArgumentError('expected a list like BTCUSDT,ETHUSDT, or streamed');
}

/** Open time in ms of the first minute: a date means its begin. */
export function readFrom(text: string): number {
  return readTime(text).ms;
}

/** Open time in ms of the last minute, inclusive: a date means its end. */
export function readTo(text: string): number {
  const { ms, isDate } = readTime(text);
  return isDate ? ms + DAY_MS - MINUTE_MS : ms;
}

export function readCount(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  };
}

function readTime(text: string): { readonly ms: number; readonly isDate: boolean } {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const isMinute = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:00(\.000)?)?Z$/.test(text);
  const ms = isDate || isMinute ? Date.parse(isMinute ? text : `${text}T00:00:00Z`) : Number.NaN;
  // Date.parse takes the 31st of a shorter month for a day of the next one.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text.slice(0, 10))) {
    throw new InvalidArgumentError(
      'expected a date like 2025-01-31, or a minute in UTC like 2025-01-31T23:59Z',
    );
  }
  return { ms, isDate };
}
