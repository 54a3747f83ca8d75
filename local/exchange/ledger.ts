import { MINUTE_MS } from '#domain/candle.ts';
import type { Clock } from './clock.ts';
import { klineRow } from './kline-row.ts';
import type { KlineRow } from './kline-row.ts';
import { tradesIn } from './listings.ts';
import type { Listings } from './listings.ts';

/** What happened to a candle besides being closed and sent once. */
type LedgerFlag =
  | 'withheld-from-stream'
  | 'missing-at-exchange'
  | 'malformed-on-stream'
  | 'differs-on-stream'
  | 'duplicated'
  | 'late'
  | 'out-of-order';

export interface LedgerEntry {
  readonly symbol: string;
  readonly openTime: number;
  /** As REST answers it, or would if the candle were not missing at the exchange. */
  readonly row: KlineRow;
  readonly flags: readonly LedgerFlag[];
}

export interface LedgerQuery {
  readonly symbol?: string | undefined;
  /** Open times, both inclusive; by default from the first minute that closed in this run to the last one closed. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/**
 * Every candle that the exchange closed. Candles are a pure function of the minute, so only the exceptions are kept;
 * those of an earlier run are gone.
 */
export interface Ledger {
  mark(symbol: string, minute: number, flag: LedgerFlag): void;
  isMissing(symbol: string, minute: number): boolean;
  /** By symbol, then by time. */
  entries(query?: LedgerQuery): Generator<LedgerEntry>;
}

export function openLedger(listings: Listings, clock: Clock): Ledger {
  const started = Math.floor(clock.now() / MINUTE_MS);
  const flags = new Map<string, Set<LedgerFlag>>();
  const flagsOf = (symbol: string, minute: number) => flags.get(`${symbol}/${minute}`);
  return {
    mark(symbol, minute, flag) {
      const marked = flagsOf(symbol, minute) ?? new Set();
      flags.set(`${symbol}/${minute}`, marked.add(flag));
    },
    isMissing: (symbol, minute) => flagsOf(symbol, minute)?.has('missing-at-exchange') ?? false,
    *entries({ symbol, fromMs = started * MINUTE_MS, toMs = Infinity } = {}) {
      const lastClosed = Math.floor(clock.now() / MINUTE_MS) - 1;
      for (const listing of listings.all()) {
        if (symbol !== undefined && listing.market.symbol !== symbol) continue;
        const { market } = listing;
        const first = Math.max(market.firstMinute, Math.ceil(fromMs / MINUTE_MS));
        const last = Math.min(lastClosed, Math.floor(toMs / MINUTE_MS));
        for (let minute = first; minute <= last; minute++) {
          if (!tradesIn(listing, minute)) continue;
          const row = klineRow(market.candle(minute));
          yield {
            symbol: market.symbol,
            openTime: minute * MINUTE_MS,
            row,
            flags: [...(flagsOf(market.symbol, minute) ?? [])],
          };
        }
      }
    },
  };
}
