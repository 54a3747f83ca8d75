import { MINUTE_MS } from '#domain/candle.ts';
import type { Clock } from './clock.ts';
import { formingCandle } from './forming.ts';
import { klineRow } from './kline-row.ts';
import type { KlineRow } from './kline-row.ts';
import { tradesIn } from './listings.ts';
import type { Listing, Listings } from './listings.ts';
import { badRequest, body, illegalCharacters, INVALID_SYMBOL, missingParameter } from './rest-error.ts';
import type { RestAnswer, RestError } from './rest-error.ts';
import { chosenListings } from './symbol-parameter.ts';

/** Minutes since 1970 that are not to be had. */
type IsMissing = (symbol: string, minute: number) => boolean;

/** `GET /api/v3/klines`: rows by open time, ascending; the last one is the still-forming minute if the range holds it. */
export function answerKlines(
  query: URLSearchParams,
  listings: Listings,
  isMissing: IsMissing,
  clock: Clock,
): RestAnswer {
  if (!query.get('symbol')) return missingParameter('symbol');
  const chosen = chosenListings(query, listings);
  if (chosen.kind === 'error') return chosen;
  const [listing] = chosen.listings;
  if (!listing) return INVALID_SYMBOL;
  if (!query.get('interval')) return missingParameter('interval');
  // Binance knows others too; here they are as unknown as a misspelt one.
  if (query.get('interval') !== '1m') return badRequest(-1120, 'Invalid interval.');
  const [startMs, endMs, limit] = [
    number(query, 'startTime'),
    number(query, 'endTime'),
    number(query, 'limit'),
  ];
  if (isError(startMs)) return startMs;
  if (isError(endMs)) return endMs;
  if (isError(limit)) return limit;
  if (limit === 0) return badRequest(-1130, "Data sent for parameter 'limit' is not valid.");
  return body(
    rows(listing, isMissing, clock.now(), {
      startMs,
      endMs,
      limit: Math.min(limit ?? DEFAULT_ROWS, MOST_ROWS),
    }),
  );
}

const DEFAULT_ROWS = 500;
const MOST_ROWS = 1000;

interface Range {
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly limit: number;
}

function rows(
  listing: Listing,
  isMissing: IsMissing,
  nowMs: number,
  { startMs, endMs, limit }: Range,
): readonly KlineRow[] {
  const { market } = listing;
  const current = Math.floor(nowMs / MINUTE_MS);
  const lastTraded = Math.min(current, listing.periods.at(-1)?.to ?? current);
  const last = endMs === undefined ? lastTraded : Math.min(lastTraded, Math.floor(endMs / MINUTE_MS));
  const firstTraded = listing.periods[0]?.from ?? market.firstMinute;
  const first = Math.max(firstTraded, startMs === undefined ? 0 : Math.ceil(startMs / MINUTE_MS));
  const found: KlineRow[] = [];
  const take = (minute: number) => {
    if (!tradesIn(listing, minute) || isMissing(market.symbol, minute)) return;
    const candle = market.candle(minute);
    found.push(klineRow(minute === current ? formingCandle(market, candle, nowMs) : candle));
  };
  if (startMs === undefined) {
    for (let minute = last; minute >= first && found.length < limit; minute--) take(minute);
    return found.toReversed();
  }
  for (let minute = first; minute <= last && found.length < limit; minute++) take(minute);
  return found;
}

function number(query: URLSearchParams, name: string): number | undefined | RestError {
  const text = query.get(name);
  if (text === null) return undefined;
  return /^\d{1,20}$/.test(text) ? Number(text) : illegalCharacters(name, '^[0-9]{1,20}$');
}

function isError(value: number | undefined | RestError): value is RestError {
  return typeof value === 'object';
}
