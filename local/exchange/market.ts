import { MINUTE_MS } from '#domain/candle.ts';
import { HISTORY_FIRST_MINUTE } from './history.ts';
import type { RecordedRow, Recording } from './recording.ts';

/** One symbol's candles: a pure function of the minute, so that a restarted exchange tells the same history. */
export interface Market {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Made from a recorded symbol, and said so wherever it is listed. */
  readonly derived: boolean;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  /** Minutes since 1970 of the first candle. */
  readonly firstMinute: number;
  /** `minute` counts from 1970 and is not before `firstMinute`. */
  candle(minute: number): MarketCandle;
  /** What a day's summary needs of that minute; undefined if nothing was traded. */
  traded(minute: number): Traded | undefined;
  /** Sums of `traded` as this symbol's own volumes, in units of 10^-8. */
  volumes(base: bigint, quote: bigint): { readonly base: bigint; readonly quote: bigint };
}

export interface MarketCandle {
  readonly symbol: string;
  readonly openMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly base: string;
  readonly quote: string;
  /** taker side */
  readonly takerBase: string;
  readonly takerQuote: string;
  readonly trades: number;
  /** -1, like the last one, in a minute without trades. Only the stream shows ids; before the recording they are below 0. */
  readonly firstTradeId: number;
  readonly lastTradeId: number;
}

/** Before the symbol's factors, so that a day is scaled once. */
type Traded = Pick<RecordedRow, 'baseUnits' | 'quoteUnits' | 'highRank' | 'lowRank'>;

/** The recording over and over: its decimals untouched, its trade ids counted on from round to round. */
export function recordedMarket(recording: Recording): Market {
  return {
    symbol: recording.symbol,
    baseAsset: recording.symbol.slice(0, -'USDT'.length),
    quoteAsset: 'USDT',
    derived: false,
    priceDecimals: 2,
    quantityDecimals: 5,
    firstMinute: HISTORY_FIRST_MINUTE,
    candle(minute) {
      const { row, tradesBefore } = rowAt(recording, minute);
      return {
        symbol: recording.symbol,
        openMs: minute * MINUTE_MS,
        open: row.open,
        high: row.high,
        low: row.low,
        close: row.close,
        base: row.base,
        quote: row.quote,
        takerBase: row.takerBase,
        takerQuote: row.takerQuote,
        trades: row.trades,
        ...tradeIds(tradesBefore, row.trades),
      };
    },
    traded: (minute) => rowAt(recording, minute).row,
    volumes: (base, quote) => ({ base, quote }),
  };
}

/** The row that plays in a minute, and how many trades the recording had seen before it in all its rounds. */
export function rowAt(
  recording: Recording,
  minute: number,
): { readonly row: RecordedRow; readonly tradesBefore: number } {
  const { rows, tradesBefore, startMinute } = recording;
  const round = Math.floor((minute - startMinute) / rows.length);
  const index = minute - startMinute - round * rows.length;
  const [row, before, perRound] = [rows[index], tradesBefore[index], tradesBefore[rows.length]];
  if (!row || before === undefined || perRound === undefined) {
    throw new RangeError(`expected a whole minute, got ${minute}`);
  }
  return { row, tradesBefore: round * perRound + before };
}

export function tradeIds(before: number, trades: number): { firstTradeId: number; lastTradeId: number } {
  return trades === 0
    ? { firstTradeId: -1, lastTradeId: -1 }
    : { firstTradeId: before + 1, lastTradeId: before + trades };
}
