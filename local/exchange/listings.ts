import { MINUTE_MS } from '#domain/candle.ts';
import { DERIVED_SYMBOL, derivedMarket, derivedSymbol, MAX_DERIVED } from './derived-market.ts';
import type { Market } from './market.ts';
import { recordedMarket } from './market.ts';
import { loadRecording, RECORDED_SYMBOLS } from './recording.ts';

/** Which symbols exist and when each of them trades. */
export interface Listings {
  all(): Iterable<Listing>;
  get(symbol: string): Listing | undefined;
  /** Trading starts with the minute of `nowMs`. Returns why not, if the symbol can't be listed. */
  list(symbol: string, nowMs: number): string | undefined;
  /** The minute of `nowMs` is the last one. Returns why not, if there is no such symbol. */
  delist(symbol: string, nowMs: number): string | undefined;
}

export interface Listing {
  readonly market: Market;
  readonly status: 'TRADING' | 'BREAK';
  /** Minutes since 1970 of trading, ascending; the last one is open while the symbol trades. */
  readonly periods: readonly Period[];
}

interface Period {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

/** The recorded symbols first, then as many derived ones as it takes. */
export function firstSymbols(count: number): readonly string[] {
  const most = RECORDED_SYMBOLS.length + MAX_DERIVED;
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new RangeError(`expected 1 to ${most} symbols, got ${count}`);
  }
  const derived = Array.from({ length: Math.max(0, count - RECORDED_SYMBOLS.length) }, (_, i) =>
    derivedSymbol(i + 1),
  );
  return [...RECORDED_SYMBOLS.slice(0, count), ...derived];
}

/** Throws for a symbol that is neither recorded nor derived. */
export function openListings(symbols: readonly string[]): Listings {
  const recordings = [loadRecording('BTCUSDT'), loadRecording('ETHUSDT')] as const;
  const marketOf = (symbol: string): Market | undefined => {
    const recorded = recordings.find((recording) => recording.symbol === symbol);
    if (recorded) return recordedMarket(recorded);
    const number = Number(DERIVED_SYMBOL.exec(symbol)?.[1]);
    return number >= 1 && number <= MAX_DERIVED ? derivedMarket(number, recordings) : undefined;
  };
  const listings = new Map<string, Listing>();
  for (const symbol of symbols) {
    const market = marketOf(symbol);
    if (!market) throw new Error(`${UNKNOWN}, got ${symbol}`);
    listings.set(symbol, trading(market, [{ from: market.firstMinute, to: Infinity }]));
  }
  return {
    all: () => listings.values(),
    get: (symbol) => listings.get(symbol),
    list(symbol, nowMs) {
      const listed = listings.get(symbol);
      if (listed?.status === 'TRADING') return undefined;
      const market = listed?.market ?? marketOf(symbol);
      if (!market) return `${UNKNOWN}, got ${symbol}`;
      const past = listed?.periods ?? [];
      const from = Math.max(Math.floor(nowMs / MINUTE_MS), (past.at(-1)?.to ?? 0) + 1);
      listings.set(symbol, trading(market, [...past, { from, to: Infinity }]));
      return undefined;
    },
    delist(symbol, nowMs) {
      const listed = listings.get(symbol);
      if (!listed) return `expected a listed symbol, got ${symbol}`;
      const to = Math.floor(nowMs / MINUTE_MS);
      const periods = listed.periods.map((period) => (period.to === Infinity ? { ...period, to } : period));
      listings.set(symbol, { market: listed.market, status: 'BREAK', periods });
      return undefined;
    },
  };
}

export function tradesIn(listing: Listing, minute: number): boolean {
  return listing.periods.some((period) => period.from <= minute && minute <= period.to);
}

const UNKNOWN = `expected ${RECORDED_SYMBOLS.join(', ')} or ${derivedSymbol(1)} to ${derivedSymbol(MAX_DERIVED)}`;

function trading(market: Market, periods: readonly Period[]): Listing {
  return { market, status: 'TRADING', periods };
}
