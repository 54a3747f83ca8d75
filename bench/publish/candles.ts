import type { Candle } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';

/** The program in Python makes the same: symbol, open time and the closing price are what is held against the topic. */
const FIRST_OPEN_MS = Date.UTC(2025, 9, 29);

/**
 * All symbols of a minute, then the next minute, as they come from an exchange; made when they are asked for, as a heap full
 * of candles that are yet to come would be a cost that no exporter has.
 */
export function* minutesOf(symbols: number, from: number, to: number): Generator<readonly Candle[]> {
  for (let minute = from; minute < to; minute += 1) yield candlesOfMinute(symbols, minute);
}

export function expectedCounts(symbols: number, minutes: number) {
  let closeCents = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let index = 0; index < symbols; index += 1) closeCents += priceCents(index, minute);
  }
  const candles = symbols * minutes;
  return { published: candles, inTopic: candles, distinct: candles, closeCents };
}

function candlesOfMinute(symbols: number, minute: number): readonly Candle[] {
  const openMs = FIRST_OPEN_MS + minute * MINUTE_MS;
  const [openTime, closeTime] = [toInstant(openMs), toInstant(openMs + MINUTE_MS - 1)];
  const eventTime = toInstant(openMs + MINUTE_MS + 12);
  const receivedTime = toInstant(openMs + MINUTE_MS + 34);
  return Array.from({ length: symbols }, (_, index) => {
    const cents = priceCents(index, minute);
    return {
      schemaVersion: 1,
      exchange: 'binance',
      symbol: `BENCH${String(index).padStart(4, '0')}USDT`,
      interval: '1m',
      openTime,
      closeTime,
      open: decimal(cents - 5),
      high: decimal(cents + 20),
      low: decimal(cents - 20),
      close: decimal(cents),
      baseVolume: '4.75297000',
      quoteVolume: '535846.83867820',
      takerBuyBaseVolume: '1.90045000',
      takerBuyQuoteVolume: '214244.39643660',
      trades: 1459,
      firstTradeId: 5_400_000_001,
      lastTradeId: 5_400_001_459,
      source: 'websocket',
      eventTime,
      receivedTime,
    };
  });
}

function priceCents(index: number, minute: number): number {
  return 1_127_300 + ((index * 7919 + minute * 131) % 100_000);
}

function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}000000`;
}
