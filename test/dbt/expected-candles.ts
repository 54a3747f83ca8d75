import type { Candle } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { timestamp } from './land.ts';

/** What a mart of candles should hold, in its own words: decimals with 18 digits, times as the warehouse prints them. */
export type ExpectedCandle = Readonly<Record<(typeof COMPARED)[number], string>>;

export const COMPARED = [
  'SYMBOL',
  'CANDLE_INTERVAL',
  'OPEN_TIME',
  'CLOSE_TIME',
  'OPEN_PRICE',
  'HIGH_PRICE',
  'LOW_PRICE',
  'CLOSE_PRICE',
  'BASE_VOLUME',
  'QUOTE_VOLUME',
  'TAKER_BUY_BASE_VOLUME',
  'TAKER_BUY_QUOTE_VOLUME',
  'TRADES',
  'VWAP_TO_12_DIGITS',
  'CANDLES_PRESENT',
  'CANDLES_EXPECTED',
  'IS_COMPLETE',
] as const;

/** Rolls candles up with integers, in the order in which they are given; `minutes` 1 leaves them as they are. */
export function expectedCandles(
  candles: readonly Candle[],
  interval: string,
  minutes: number,
): readonly ExpectedCandle[] {
  const buckets = new Map<string, Candle[]>();
  for (const candle of candles.toSorted((a, b) => Date.parse(a.openTime) - Date.parse(b.openTime))) {
    const lengthMs = minutes * MINUTE_MS;
    const openMs = Math.floor(Date.parse(candle.openTime) / lengthMs) * lengthMs;
    const key = `${candle.symbol} ${timestamp(openMs)}`;
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [candle]);
    else bucket.push(candle);
  }
  return [...buckets.values()].map((bucket) => rollUp(bucket, interval, minutes));
}

function rollUp(bucket: readonly Candle[], interval: string, minutes: number): ExpectedCandle {
  const [first] = bucket;
  const last = bucket.at(-1);
  if (first === undefined || last === undefined) throw new Error('expected a bucket with a candle, got none');
  const openMs = Math.floor(Date.parse(first.openTime) / (minutes * MINUTE_MS)) * minutes * MINUTE_MS;
  const all = (name: 'high' | 'low' | Volume) => bucket.map((candle) => units(candle[name]));
  const sum = (name: Volume) => all(name).reduce((total, value) => total + value, 0n);
  return {
    SYMBOL: first.symbol,
    CANDLE_INTERVAL: interval,
    OPEN_TIME: timestamp(openMs),
    CLOSE_TIME: timestamp(openMs + minutes * MINUTE_MS - 1),
    OPEN_PRICE: decimal(units(first.open)),
    HIGH_PRICE: decimal(all('high').reduce((a, b) => (a > b ? a : b))),
    LOW_PRICE: decimal(all('low').reduce((a, b) => (a < b ? a : b))),
    CLOSE_PRICE: decimal(units(last.close)),
    BASE_VOLUME: decimal(sum('baseVolume')),
    QUOTE_VOLUME: decimal(sum('quoteVolume')),
    TAKER_BUY_BASE_VOLUME: decimal(sum('takerBuyBaseVolume')),
    TAKER_BUY_QUOTE_VOLUME: decimal(sum('takerBuyQuoteVolume')),
    TRADES: String(bucket.reduce((total, { trades }) => total + trades, 0)),
    VWAP_TO_12_DIGITS: twelveDigits(quotient(sum('quoteVolume'), sum('baseVolume'))),
    CANDLES_PRESENT: String(bucket.length),
    CANDLES_EXPECTED: String(minutes),
    IS_COMPLETE: String(bucket.length === minutes),
  };
}

type Volume = 'baseVolume' | 'quoteVolume' | 'takerBuyBaseVolume' | 'takerBuyQuoteVolume';

/** The emulator divides in doubles, a warehouse in decimals: what both have in common. */
export function twelveDigits(value: string | null): string {
  return value === null ? 'null' : Number(value).toPrecision(12);
}

const SCALE = 18;

function units(value: string): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(SCALE, '0'));
}

function decimal(value: bigint): string {
  const digits = value.toString().padStart(SCALE + 1, '0');
  return `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}

function quotient(dividend: bigint, divisor: bigint): string | null {
  return divisor === 0n ? null : decimal((dividend * 10n ** BigInt(SCALE)) / divisor);
}
