import { MINUTE_MS } from '#domain/candle.ts';
import { HISTORY_FIRST_MINUTE } from './history.ts';
import { rowAt, tradeIds } from './market.ts';
import type { Market } from './market.ts';
import type { Recording } from './recording.ts';
import { floorTo, fromUnits, toUnits, UNITS_PER_ONE } from './units.ts';

/** As many as are ever listed; four digits in the name. */
export const MAX_DERIVED = 1998;

export const DERIVED_SYMBOL = /^DRV(\d{4})USDT$/;

export function derivedSymbol(number: number): string {
  return `DRV${String(number).padStart(4, '0')}USDT`;
}

/**
 * A symbol made from a recorded one: prices, volumes and trades times fixed factors, the recording shifted in phase.
 * Every factor is a ratio of integers and every result is rounded down, so low <= open and taker <= volume stay true.
 * Each fourth symbol trades so rarely that close to half of its minutes have no trade, as on the real exchange.
 */
export function derivedMarket(number: number, recordings: readonly [Recording, Recording]): Market {
  const symbol = derivedSymbol(number);
  const source = recordings[(number - 1) % 2 === 0 ? 0 : 1];
  const phase = (number * 137) % source.rows.length;

  const zeros = number % 7;
  const priceDecimals = 2 + zeros;
  const price = { by: BigInt(11 + ((number * 37) % 89)), per: 10n ** BigInt(1 + zeros) };
  // The turnover shrinks with the number, so that a ranking by quote volume has an order.
  const quote = { by: 1n, per: BigInt(number + 1) };
  const base = { by: quote.by * price.per, per: quote.per * price.by };
  const tradesPerTrade = number % 4 === 0 ? 5000 + number : 1 + Math.floor(number / 20);

  const priceUnits = (value: string) => floorTo(scaled(toUnits(value), price), priceDecimals);
  const priced = (value: string) => fromUnits(priceUnits(value));
  const played = (minute: number) => {
    const { row, tradesBefore } = rowAt(source, minute + phase);
    // Cutting the running count, not each minute's, keeps the ids without a gap and makes quiet minutes by itself.
    const before = Math.floor(tradesBefore / tradesPerTrade);
    return { row, before, trades: Math.floor((tradesBefore + row.trades) / tradesPerTrade) - before };
  };
  const lastPriceBefore = (minute: number): string => {
    let earlier = minute - 1;
    while (played(earlier).trades === 0) earlier -= 1;
    return priced(played(earlier).row.close);
  };

  return {
    symbol,
    baseAsset: symbol.slice(0, -'USDT'.length),
    quoteAsset: 'USDT',
    derived: true,
    priceDecimals,
    quantityDecimals: 8,
    firstMinute: HISTORY_FIRST_MINUTE,
    candle(minute) {
      const { row, before, trades } = played(minute);
      const common = { symbol, openMs: minute * MINUTE_MS, trades, ...tradeIds(before, trades) };
      if (trades === 0) {
        const still = lastPriceBefore(minute);
        return { ...common, open: still, high: still, low: still, close: still, ...NOTHING };
      }
      const baseUnits = scaled(row.baseUnits, base);
      // prices were rounded: what was paid still lies between the lowest and the highest
      const paidAt = (value: string) => (priceUnits(value) * baseUnits) / UNITS_PER_ONE;
      const quoteUnits = clamp(scaled(row.quoteUnits, quote), paidAt(row.low), paidAt(row.high));
      const takerQuoteUnits = clamp(scaled(toUnits(row.takerQuote), quote), 0n, quoteUnits);
      return {
        ...common,
        open: priced(row.open),
        high: priced(row.high),
        low: priced(row.low),
        close: priced(row.close),
        base: fromUnits(baseUnits),
        quote: fromUnits(quoteUnits),
        takerBase: fromUnits(scaled(toUnits(row.takerBase), base)),
        takerQuote: fromUnits(takerQuoteUnits),
      };
    },
    traded(minute) {
      const { row, trades } = played(minute);
      return trades === 0 ? undefined : row;
    },
    volumes: (baseSum, quoteSum) => ({ base: scaled(baseSum, base), quote: scaled(quoteSum, quote) }),
  };
}

interface Factor {
  readonly by: bigint;
  readonly per: bigint;
}

function scaled(value: bigint, factor: Factor): bigint {
  return (value * factor.by) / factor.per;
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}

const ZERO = '0.00000000';
const NOTHING = { base: ZERO, quote: ZERO, takerBase: ZERO, takerQuote: ZERO } as const;
