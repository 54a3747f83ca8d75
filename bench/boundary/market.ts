import { symbolNames } from '#bench/decode/market.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { klineFrame } from '#local/exchange/frames.ts';
import type { Frame } from '#local/exchange/frames.ts';

/** Closing prices of a minute lie in a span of their own, so that one comparison asks for all that are of it. */
const PRICES_PER_MINUTE = 1_000_000;

export interface Market {
  readonly symbols: readonly string[];
  /** Of minute 0; in the recent past, as a metrics store takes nothing of the future and nothing over an hour old. */
  readonly firstOpenMs: number;
}

/** A quarter of an hour back is room for as many minutes, however fast they follow each other. */
const BACK_MS = 15 * MINUTE_MS;

export function createMarket(symbols: number, nowMs = Date.now()): Market {
  return {
    symbols: symbolNames(symbols),
    firstOpenMs: Math.floor((nowMs - BACK_MS) / MINUTE_MS) * MINUTE_MS,
  };
}

export function openMsOf({ firstOpenMs }: Market, minute: number): number {
  return firstOpenMs + minute * MINUTE_MS;
}

/** Every closing price of this minute is at least this, and none of an earlier one. */
export function lowestClose(minute: number): number {
  return (minute + 1) * PRICES_PER_MINUTE;
}

export function closeOf(index: number, minute: number): number {
  return lowestClose(minute) + index;
}

/** The closing price is what tells the minutes apart; a candle that is still forming has that of the minute before. */
export function frameOf(market: Market, index: number, minute: number, closed: boolean): Frame {
  const close = closeOf(index, closed ? minute : minute - 1);
  const openMs = openMsOf(market, minute);
  const candle = {
    symbol: market.symbols[index] ?? '',
    openMs,
    open: price(close),
    high: price(close + 20),
    low: price(close - 20),
    close: price(close),
    base: '33.75297000',
    quote: '535846.83867820',
    takerBase: '1.90045000',
    takerQuote: '214244.39643660',
    trades: 1429,
    firstTradeId: 5_400_000_000 + minute * 1430,
    lastTradeId: 5_400_001_428 + minute * 1430,
  };
  return klineFrame(candle, eventMsOf(openMs, closed), closed);
}

function price(value: number): string {
  return `${value}.00000000`;
}

/** By the exchange's clock. */
function eventMsOf(openMs: number, closed: boolean): number {
  return openMs + (closed ? MINUTE_MS + CLOSED_EVENT_LAG_MS : MINUTE_MS / 2);
}

/** From a minute's end to the event time of its closed candles. */
export const CLOSED_EVENT_LAG_MS = 12;
