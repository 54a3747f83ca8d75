import type { ExchangeRest } from './exchange-rest.ts';

/** Since when the exchange has candles of a symbol, by REST. */
type Listing =
  | { readonly kind: 'listed'; readonly firstMs: number }
  /** It knows the symbol, and has no candle of it. */
  | { readonly kind: 'empty' }
  /** It knows no such symbol (any more): the archive may. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Asked once a symbol, as long as the answer is one. */
export type Listings = (symbol: string, signal: AbortSignal) => Promise<Listing>;

export function openListings(rest: Pick<ExchangeRest, 'firstMinute'>): Listings {
  const asked = new Map<string, Promise<Listing>>();
  const ask = async (symbol: string, signal: AbortSignal): Promise<Listing> => {
    const answer = await rest.firstMinute(symbol, signal);
    switch (answer.kind) {
      case 'ok':
        return answer.value === undefined ? { kind: 'empty' } : { kind: 'listed', firstMs: answer.value };
      case 'refused':
        return { kind: 'unknown', reason: answer.reason };
      case 'unavailable':
        asked.delete(symbol);
        return answer;
    }
  };
  return (symbol, signal) => {
    const listing = asked.get(symbol) ?? ask(symbol, signal);
    asked.set(symbol, listing);
    return listing;
  };
}
