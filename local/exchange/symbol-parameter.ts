import type { Listing, Listings } from './listings.ts';
import { badRequest, illegalCharacters, INVALID_SYMBOL } from './rest-error.ts';
import type { RestError } from './rest-error.ts';

export type Chosen = { readonly kind: 'listings'; readonly listings: readonly Listing[] } | RestError;

/** The listings that `symbol` or `symbols` (a JSON list) names; all of them if neither is there. */
export function chosenListings(query: URLSearchParams, listings: Listings): Chosen {
  const [one, many] = [query.get('symbol'), query.get('symbols')];
  if (one !== null && many !== null) return badRequest(-1128, 'Combination of optional parameters invalid.');
  if (one !== null) return named([one], 'symbol', listings);
  if (many === null) return { kind: 'listings', listings: [...listings.all()] };
  const names = parseNames(many);
  return names ? named(names, 'symbols', listings) : illegalCharacters('symbols', SYMBOLS_RANGE);
}

const SYMBOL_RANGE = '^[A-Z0-9-_.]{1,20}$';
const SYMBOLS_RANGE = '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$';

function named(names: readonly string[], parameter: string, listings: Listings): Chosen {
  if (!names.every((name) => /^[A-Z0-9\-_.]{1,20}$/.test(name))) {
    return illegalCharacters(parameter, parameter === 'symbol' ? SYMBOL_RANGE : SYMBOLS_RANGE);
  }
  const found = names.flatMap((name) => listings.get(name) ?? []);
  return found.length === names.length ? { kind: 'listings', listings: found } : INVALID_SYMBOL;
}

function parseNames(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined;
  } catch {
    return undefined; // answered as illegal characters, as Binance does
  }
}
