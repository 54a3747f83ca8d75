import { MINUTE_MS } from '#domain/candle.ts';
import type { MarketCandle } from './market.ts';

/** One row of `GET /api/v3/klines`; the last column is always "0". */
export type KlineRow = readonly [
  openTime: number,
  open: string,
  high: string,
  low: string,
  close: string,
  base: string,
  closeTime: number,
  quote: string,
  trades: number,
  takerBase: string,
  takerQuote: string,
  ignored: '0',
];

export function klineRow(candle: MarketCandle): KlineRow {
  return [
    candle.openMs,
    candle.open,
    candle.high,
    candle.low,
    candle.close,
    candle.base,
    candle.openMs + MINUTE_MS - 1,
    candle.quote,
    candle.trades,
    candle.takerBase,
    candle.takerQuote,
    '0',
  ];
}
