import type { Candle } from '#domain/candle.ts';
import { candleAt } from '#test/candles.ts';
import { TICKS } from './tick-candle.ts';
import type { TickCandle } from './tick-candle.ts';

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2026, 0, 1);

/**
 * Whole units are traded at the close, so that averages by volume are exact. A walk over more hours than the nine blocks that averages are carried through, in steps so small that all forms come up; with hours without trades,
 * flat stretches and, now and then, an hour that is not there.
 */
export function walk(hours: number): readonly TickCandle[] {
  const random = randomFrom(20_260_101);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const candles: TickCandle[] = [];
  let price = 1_000_000;
  for (let hour = 0; hour < hours; hour += random() < 0.01 ? 2 : 1) {
    const isQuiet = random() < 0.05;
    const open = price;
    const close = isQuiet ? price : price + upTo(2401) - 1200;
    const wick = () => (isQuiet || random() < 0.3 ? 0 : upTo(random() < 0.3 ? 3000 : 400));
    const units = isQuiet ? 0 : 1 + upTo(random() < 0.1 ? 900 : 90);
    candles.push({
      openMs: FIRST_MS + hour * HOUR_MS,
      open,
      high: Math.max(open, close) + wick(),
      low: Math.min(open, close) - wick(),
      close,
      volume: units * TICKS,
      quoteVolume: units * close,
      bought: Math.floor(units * TICKS * random()),
      trades: isQuiet ? 0 : 1 + upTo(500),
    });
    price = close;
  }
  return candles;
}

/** Flat for 201 hours, when SMA 50 and SMA 200 are equal, then one up and one deep down. */
export function flatThenMoving(): readonly TickCandle[] {
  return Array.from({ length: 203 }, (_, hour) => {
    const price = hour === 201 ? 1_010_100 : hour === 202 ? 500_000 : 1_000_100;
    const units = hour === 201 ? 20 : hour === 202 ? 22 : hour === 149 ? 0 : 10;
    const prices = { open: price, high: price, low: price, close: price };
    return {
      ...prices,
      openMs: FIRST_MS + hour * HOUR_MS,
      volume: units * TICKS,
      quoteVolume: units * price,
      bought: 0,
      trades: units,
    };
  });
}

/** The hour as its first minute, which is all that trades in it. */
export function landable(symbol: string, candle: TickCandle): Candle {
  return candleAt(candle.openMs, symbol, {
    source: 'archive',
    open: decimal(candle.open),
    high: decimal(candle.high),
    low: decimal(candle.low),
    close: decimal(candle.close),
    baseVolume: decimal(candle.volume),
    quoteVolume: decimal(candle.quoteVolume),
    takerBuyBaseVolume: decimal(candle.bought),
    takerBuyQuoteVolume: decimal(Math.floor((candle.bought * candle.low) / TICKS)),
    trades: candle.trades,
  });
}

function decimal(ticks: number): string {
  return (ticks / TICKS).toFixed(4);
}

/** Of the hours of each UTC day. */
export function daysOf(hours: readonly TickCandle[]): readonly TickCandle[] {
  const dayMs = 24 * HOUR_MS;
  return Object.values(Object.groupBy(hours, ({ openMs }) => Math.floor(openMs / dayMs))).map((day = []) => ({
    openMs: Math.floor((day[0]?.openMs ?? 0) / dayMs) * dayMs,
    open: day[0]?.open ?? 0,
    high: Math.max(...day.map(({ high }) => high)),
    low: Math.min(...day.map(({ low }) => low)),
    close: day.at(-1)?.close ?? 0,
    volume: total(day, 'volume'),
    quoteVolume: total(day, 'quoteVolume'),
    bought: total(day, 'bought'),
    trades: total(day, 'trades'),
  }));
}

function total(candles: readonly TickCandle[], name: keyof TickCandle): number {
  return candles.reduce((sum, candle) => sum + candle[name], 0);
}

/** mulberry32: the same walk in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
