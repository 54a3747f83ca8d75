import { MINUTE_MS } from '#domain/candle.ts';
import { klineFrame } from '#local/exchange/frames.ts';
import type { Frame } from '#local/exchange/frames.ts';

/** Every two seconds an update, and the last of a minute is the closed candle. */
export const FRAMES_PER_CANDLE = 30;

export const FIRST_OPEN_MS = Date.UTC(2025, 9, 29);

export function symbolNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${baseAsset(index)}USDT`);
}

export function baseAsset(index: number): string {
  return `BENCH${String(index).padStart(4, '0')}`;
}

/** What every contestant has to come to: frames, closed candles, and the sum of their closing prices. */
export function expectedCounts(symbols: number, frames: number) {
  const minutes = frames / symbols / FRAMES_PER_CANDLE;
  if (!Number.isInteger(minutes)) throw new RangeError(`expected whole minutes, got ${minutes}`);
  let closeCents = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let index = 0; index < symbols; index += 1) closeCents += priceCents(index, minute);
  }
  return { frames, closed: frames / FRAMES_PER_CANDLE, closeCents };
}

export function centsOf(price: string | number): number {
  return Math.round(Number(price) * 100);
}

/** The exchange's own bytes for one update; the last of a minute is the closed one. */
export function updateOf(symbol: string, index: number, minute: number, update: number): Frame {
  const openMs = FIRST_OPEN_MS + minute * MINUTE_MS;
  const closed = update === FRAMES_PER_CANDLE - 1;
  const price = (cents: number) =>
    `${(priceCents(index, minute) + cents) / 100}`.replace(/(\.\d*)?$/, (digits) =>
      (digits || '.').padEnd(9, '0'),
    );
  const candle = {
    symbol,
    openMs,
    open: price(-5),
    high: price(20),
    low: price(-20),
    close: price(0),
    base: `${4 + update}.75297000`,
    quote: `${535_846 + update}.83867820`,
    takerBase: '1.90045000',
    takerQuote: '214244.39643660',
    trades: 1400 + update,
    firstTradeId: 5_400_000_000 + minute * 1430,
    lastTradeId: 5_400_001_399 + update + minute * 1430,
  };
  return klineFrame(candle, openMs + update * 2000 + (closed ? 2012 : 12), closed);
}

function priceCents(index: number, minute: number): number {
  return 1_127_300 + ((index * 7919 + minute * 131) % 100_000);
}
