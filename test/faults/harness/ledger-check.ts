import type { Candle } from '#domain/candle.ts';
import { decodeCandle, identityOf } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import type { LedgerEntry } from '#local/exchange/ledger.ts';

/** What a store has of a candle: Kafka's message, a row of landing or mart, a metrics store's samples at one time. */
export type StoredCandle = Pick<Candle, 'symbol' | 'openTime'> & Partial<Candle>;

export interface Comparison {
  /** Candles that the exchange closed; 0 would prove nothing. */
  readonly closed: number;
  /** Closed at the exchange, and not in the store. */
  readonly lost: readonly string[];
  /** More than once in the store; the count of what is too much. */
  readonly duplicates: number;
  /** In the store with values that the exchange never gave it. */
  readonly wrong: readonly string[];
  /** In the store, and never closed by the exchange. */
  readonly invented: readonly string[];
}

/** Compares what the exchange closed with a store, by candle and value by value; fields that the store does not have are not compared. */
export function compareWithLedger(ledger: Iterable<LedgerEntry>, stored: Iterable<StoredCandle>): Comparison {
  const found = new Map<string, StoredCandle[]>();
  for (const candle of stored) {
    const name = nameOf(candle.symbol, candle.openTime);
    const copies = found.get(name);
    if (copies) copies.push(candle);
    else found.set(name, [candle]);
  }
  const lost: string[] = [];
  const wrong: string[] = [];
  let [closed, duplicates] = [0, 0];
  for (const { symbol, openTime, row, flags } of ledger) {
    const name = nameOf(symbol, toInstant(openTime));
    const copies = found.get(name) ?? [];
    found.delete(name);
    // What the exchange does not have either is no loss, and must not be made up.
    if (flags.includes('missing-at-exchange')) {
      if (copies.length > 0) wrong.push(`${name} was made up`);
      continue;
    }
    closed += 1;
    if (copies.length === 0) lost.push(name);
    duplicates += Math.max(0, copies.length - 1);
    for (const copy of copies) {
      // The stream's own version of a candle that differs is another one than REST's.
      if (flags.includes('differs-on-stream') && copy.source === 'websocket') continue;
      const off = Object.entries(COLUMNS).filter(([field, column]) => {
        const value = copy[field as keyof typeof COLUMNS]; // the keys of COLUMNS
        return value !== undefined && value !== row[column];
      });
      if (off.length > 0) wrong.push(`${name} ${off.map(([field]) => field).join(', ')}`);
    }
  }
  return { closed, lost, duplicates, wrong, invented: [...found.keys()] };
}

/** Where each value stands in the ledger's row, as REST answers it. */
const COLUMNS = {
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  baseVolume: 5,
  quoteVolume: 7,
  trades: 8,
  takerBuyBaseVolume: 9,
  takerBuyQuoteVolume: 10,
} as const;

/**
 * Candles that came after a later one of their symbol, though they were neither a repetition nor marked as backfill
 * (`source: rest`), nor sent in that order by the exchange itself. In the order of Kafka's partitions.
 */
export function unmarkedInversions(
  candles: Iterable<Candle>,
  ledger: Iterable<LedgerEntry>,
): readonly string[] {
  const byExchange = new Set<string>();
  for (const { symbol, openTime, flags } of ledger) {
    if (flags.includes('late') || flags.includes('out-of-order'))
      byExchange.add(nameOf(symbol, toInstant(openTime)));
  }
  const newest = new Map<string, string>();
  const seen = new Set<string>();
  const inverted: string[] = [];
  for (const candle of candles) {
    const name = nameOf(candle.symbol, candle.openTime);
    const after = newest.get(candle.symbol) ?? '';
    const marked = candle.source === 'rest' || seen.has(identityOf(candle)) || byExchange.has(name);
    if (candle.openTime < after && !marked) inverted.push(`${name} after ${after}`);
    seen.add(identityOf(candle));
    if (candle.openTime > after) newest.set(candle.symbol, candle.openTime);
  }
  return inverted;
}

/** Every message as a candle; throws on one that is none. */
export function candlesOf(values: Iterable<Uint8Array>): readonly Candle[] {
  return [...values].map((value) => {
    const decoded = decodeCandle(value);
    if (decoded.kind === 'rejected') throw new Error(`expected a candle, got ${decoded.detail}`);
    return decoded.candle;
  });
}

function nameOf(symbol: string, openTime: string): string {
  return `${symbol} ${openTime}`;
}
