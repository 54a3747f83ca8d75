import { MINUTE_MS } from '#domain/candle.ts';
import type { Listing, Listings } from './listings.ts';
import { tradesIn } from './listings.ts';
import { body, illegalCharacters, INVALID_SYMBOL } from './rest-error.ts';
import type { RestAnswer } from './rest-error.ts';
import { chosenListings } from './symbol-parameter.ts';
import { fromUnits, toUnits } from './units.ts';

const WINDOW_MINUTES = 24 * 60;

/** `GET /api/v3/ticker/24hr`, full or `type=MINI`. The window ends with the last closed minute and is kept until the next one. */
export function openTickers(listings: Listings): (query: URLSearchParams, nowMs: number) => RestAnswer {
  const kept = new Map<string, { readonly minute: number; readonly ticker: Ticker | undefined }>();
  const tickerOf = (listing: Listing, minute: number): Ticker | undefined => {
    const { symbol } = listing.market;
    const known = kept.get(symbol);
    if (known?.minute === minute) return known.ticker;
    const ticker = measure(listing, minute);
    kept.set(symbol, { minute, ticker });
    return ticker;
  };
  return (query, nowMs) => {
    const chosen = chosenListings(query, listings);
    if (chosen.kind === 'error') return chosen;
    const type = query.get('type') ?? 'FULL';
    if (!/^(FULL|MINI)$/.test(type)) return illegalCharacters('type', '^(FULL|MINI)$');
    const minute = Math.floor(nowMs / MINUTE_MS);
    const tickers = chosen.listings.flatMap((listing) => tickerOf(listing, minute) ?? []);
    const shown = type === 'MINI' ? tickers.map(mini) : tickers;
    if (!query.has('symbol')) return body(shown);
    return shown[0] ? body(shown[0]) : INVALID_SYMBOL;
  };
}

type Ticker = NonNullable<ReturnType<typeof measure>>;

/** Undefined for a symbol without a minute in the window. */
function measure(listing: Listing, current: number) {
  const { market } = listing;
  const window = Array.from(
    { length: WINDOW_MINUTES },
    (_, index) => current - WINDOW_MINUTES + index,
  ).filter((minute) => minute >= market.firstMinute && tradesIn(listing, minute));
  const [start, end] = [window[0], window.at(-1)];
  if (start === undefined || end === undefined) return undefined;
  let [baseSum, quoteSum, highest, lowest] = [0n, 0n, -Infinity, Infinity];
  // Without any trade the first minute stands for all: its flat price is the only one.
  let [highAt, lowAt, firstAt, lastAt] = [start, start, start, start];
  let isTraded = false;
  for (const minute of window) {
    const traded = market.traded(minute);
    if (!traded) continue;
    baseSum += traded.baseUnits;
    quoteSum += traded.quoteUnits;
    if (traded.highRank > highest) [highest, highAt] = [traded.highRank, minute];
    if (traded.lowRank < lowest) [lowest, lowAt] = [traded.lowRank, minute];
    if (!isTraded) firstAt = minute;
    lastAt = minute;
    isTraded = true;
  }
  const { base, quote } = market.volumes(baseSum, quoteSum);
  const [openPrice, lastPrice] = [market.candle(start).open, market.candle(end).close];
  const [firstId, lastId] = [market.candle(firstAt).firstTradeId, market.candle(lastAt).lastTradeId];
  const change = toUnits(lastPrice) - toUnits(openPrice);
  return {
    symbol: market.symbol,
    priceChange: change < 0n ? `-${fromUnits(-change)}` : fromUnits(change),
    priceChangePercent: ((Number(change) / Number(toUnits(openPrice))) * 100).toFixed(3),
    weightedAvgPrice: base === 0n ? lastPrice : fromUnits((quote * UNIT) / base),
    prevClosePrice: openPrice,
    lastPrice,
    openPrice,
    highPrice: market.candle(highAt).high,
    lowPrice: market.candle(lowAt).low,
    volume: fromUnits(base),
    quoteVolume: fromUnits(quote),
    openTime: start * MINUTE_MS,
    closeTime: (end + 1) * MINUTE_MS - 1,
    firstId,
    lastId,
    count: isTraded ? lastId - firstId + 1 : 0,
  };
}

const UNIT = toUnits('1');

function mini(ticker: Ticker) {
  const {
    symbol,
    openPrice,
    highPrice,
    lowPrice,
    lastPrice,
    volume,
    quoteVolume,
    openTime,
    closeTime,
    firstId,
    lastId,
    count,
  } = ticker;
  return {
    symbol,
    openPrice,
    highPrice,
    lowPrice,
    lastPrice,
    volume,
    quoteVolume,
    openTime,
    closeTime,
    firstId,
    lastId,
    count,
  };
}
