import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { MINUTE_MS } from '#domain/candle.ts';

/** What a mart says of a bucket; decimals without trailing zeros. */
export interface Bucket {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly baseVolume: string;
  readonly quoteVolume: string;
  readonly takerBuyBaseVolume: string;
  readonly takerBuyQuoteVolume: string;
  readonly trades: number;
}

/**
 * The recording rolled up from its own CSV, with integers of 10^-8, by nothing that the pipeline or the replay exchange
 * uses: minute m plays row (m - first minute) mod its length.
 */
export function recordedBucket(symbol: 'BTCUSDT' | 'ETHUSDT', openMs: number, minutes: number): Bucket {
  const { rows, startMinute } = recording(symbol);
  const first = openMs / MINUTE_MS - startMinute;
  const inside = Array.from({ length: minutes }, (_, minute) => {
    const row = rows[(((first + minute) % rows.length) + rows.length) % rows.length];
    if (row === undefined) throw new Error(`expected a whole minute, got ${openMs}`);
    return row;
  });
  const column = (index: number) => inside.map((row) => units(row[index] ?? ''));
  const sum = (index: number) => plain(column(index).reduce((total, value) => total + value, 0n));
  return {
    open: plain(column(1)[0] ?? 0n),
    high: plain(column(2).reduce((most, value) => (value > most ? value : most))),
    low: plain(column(3).reduce((least, value) => (value < least ? value : least))),
    close: plain(column(4).at(-1) ?? 0n),
    baseVolume: sum(5),
    quoteVolume: sum(7),
    takerBuyBaseVolume: sum(9),
    takerBuyQuoteVolume: sum(10),
    trades: inside.reduce((total, row) => total + Number(row[8]), 0),
  };
}

/** A decimal as the warehouse writes it, without the zeros that its scale adds. */
export function plainDecimal(value: string): string {
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
}

const recordings = new Map<string, ReturnType<typeof read>>();

function recording(symbol: string) {
  const known = recordings.get(symbol) ?? read(symbol);
  recordings.set(symbol, known);
  return known;
}

function read(symbol: string) {
  const file = new URL(`../../local/exchange/recording/${symbol}_1m.csv.gz`, import.meta.url);
  const [, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const rows = lines.map((line) => line.split(','));
  return { rows, startMinute: Date.parse(rows[0]?.[0] ?? '') / MINUTE_MS };
}

function units(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  if (!/^\d+$/.test(whole) || !/^\d{0,8}$/.test(fraction)) {
    throw new Error(`expected a decimal with at most 8 places, got ${text}`);
  }
  return BigInt(whole + fraction.padEnd(8, '0'));
}

function plain(value: bigint): string {
  const text = value.toString().padStart(9, '0');
  return plainDecimal(`${text.slice(0, -8)}.${text.slice(-8)}`);
}
