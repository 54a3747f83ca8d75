import { MINUTE_MS } from '#domain/candle.ts';
import type { Market, MarketCandle } from './market.ts';
import { floorTo, fromUnits, toUnits } from './units.ts';

/** Binance's pace of kline updates. */
export const UPDATE_EVERY_MS = 2000;

/** Updates at 2 s, 4 s ... 58 s of the minute; the last one already shows the whole candle. */
const STEPS = MINUTE_MS / UPDATE_EVERY_MS - 1;

/**
 * The candle as it stands at a moment inside its minute. The price walks from open over both extremes to close, the
 * volumes grow evenly; before the first trade it is flat and empty.
 */
export function formingCandle(market: Market, candle: MarketCandle, atMs: number): MarketCandle {
  const step = Math.floor((atMs - candle.openMs) / UPDATE_EVERY_MS);
  if (step >= STEPS) return candle;
  const part = (whole: string) => fromUnits((toUnits(whole) * BigInt(step)) / BigInt(STEPS));
  const trades = Math.floor((candle.trades * step) / STEPS);
  const { price, high, low } =
    trades === 0 ? standing(toUnits(candle.open)) : walked(candle, step, market.priceDecimals);
  return {
    symbol: candle.symbol,
    openMs: candle.openMs,
    open: candle.open,
    high: fromUnits(high),
    low: fromUnits(low),
    close: fromUnits(price),
    base: trades === 0 ? ZERO : part(candle.base),
    quote: trades === 0 ? ZERO : part(candle.quote),
    takerBase: trades === 0 ? ZERO : part(candle.takerBase),
    takerQuote: trades === 0 ? ZERO : part(candle.takerQuote),
    trades,
    firstTradeId: trades === 0 ? -1 : candle.firstTradeId,
    lastTradeId: trades === 0 ? -1 : candle.firstTradeId + trades - 1,
  };
}

const ZERO = fromUnits(0n);

interface Prices {
  readonly price: bigint;
  readonly high: bigint;
  readonly low: bigint;
}

function standing(price: bigint): Prices {
  return { price, high: price, low: price };
}

function walked(candle: MarketCandle, step: number, decimals: number): Prices {
  const [open, high, low, close] = [candle.open, candle.high, candle.low, candle.close].map(toUnits) as Four;
  const [first, second] = close >= open ? [low, high] : [high, low];
  const stops = [open, first, second, close] as const;
  const leg = Math.floor((step * 3) / STEPS);
  const [from, to] = [stops[leg] ?? close, stops[leg + 1] ?? close];
  const price = floorTo(from + ((to - from) * BigInt(step * 3 - leg * STEPS)) / BigInt(STEPS), decimals);
  const seen = [...stops.slice(0, leg + 1), price];
  return {
    price,
    high: seen.reduce((a, b) => (a > b ? a : b)),
    low: seen.reduce((a, b) => (a < b ? a : b)),
  };
}

type Four = [bigint, bigint, bigint, bigint]; // mapped from four strings
