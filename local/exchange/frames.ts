import { MINUTE_MS } from '#domain/candle.ts';
import type { MarketCandle } from './market.ts';

/** One event, encoded at most once in each form however many connections it goes to. */
export interface Frame {
  readonly raw: Buffer;
  readonly combined: Buffer;
}

/** The only stream that carries data here; every other name is accepted and stays silent. */
export function klineStream(symbol: string): string {
  return `${symbol.toLowerCase()}@kline_1m`;
}

/** https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md#klinecandlestick-streams-for-utc */
export function klineFrame(candle: MarketCandle, eventMs: number, closed: boolean): Frame {
  const event = {
    e: 'kline',
    E: eventMs,
    s: candle.symbol,
    k: {
      t: candle.openMs,
      T: candle.openMs + MINUTE_MS - 1,
      s: candle.symbol,
      i: '1m',
      f: candle.firstTradeId,
      L: candle.lastTradeId,
      o: candle.open,
      c: candle.close,
      h: candle.high,
      l: candle.low,
      v: candle.base,
      n: candle.trades,
      x: closed,
      q: candle.quote,
      V: candle.takerBase,
      Q: candle.takerQuote,
      B: '0',
    },
  };
  return frame(klineStream(candle.symbol), JSON.stringify(event));
}

export function shutdownFrame(eventMs: number): Frame {
  return frame('!serverShutdown', JSON.stringify({ e: 'serverShutdown', E: eventMs }));
}

/** Goes out as it is, whether the connection is raw or combined. */
export function verbatimFrame(text: string): Frame {
  const bytes = Buffer.from(text);
  return { raw: bytes, combined: bytes };
}

/** A frame as one might break off on its way, whose symbol can still be read. */
export function brokenFrame(symbol: string): string {
  return `{"stream":"${klineStream(symbol)}","data":{"e":"kline","E":NaN,"s":"${symbol}","k":{"t":"soon","x":true,"o":`;
}

function frame(stream: string, event: string): Frame {
  let combined: Buffer | undefined;
  return {
    raw: Buffer.from(event),
    get combined() {
      combined ??= Buffer.from(`{"stream":${JSON.stringify(stream)},"data":${event}}`);
      return combined;
    },
  };
}
