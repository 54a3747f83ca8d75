import type { MarketCandle } from './market.ts';
import { fromUnits, toUnits } from './units.ts';

/** A hundredth of the volume is not in yet, as when a last trade is booked late. */
export function lessTraded(candle: MarketCandle): MarketCandle {
  return {
    ...candle,
    base: withoutHundredth(candle.base),
    quote: withoutHundredth(candle.quote),
    takerBase: withoutHundredth(candle.takerBase),
    takerQuote: withoutHundredth(candle.takerQuote),
  };
}

function withoutHundredth(volume: string): string {
  return fromUnits((toUnits(volume) * 99n) / 100n);
}
