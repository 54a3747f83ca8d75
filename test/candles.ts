import * as fc from 'fast-check';
import type { Candle } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';

/** A recorded minute of BTCUSDT. */
export const CANDLE: Candle = {
  schemaVersion: 1,
  exchange: 'binance',
  symbol: 'BTCUSDT',
  interval: '1m',
  openTime: '2025-10-29T04:22:00.000Z',
  closeTime: '2025-10-29T04:22:59.999Z',
  open: '112731.29000000',
  high: '112749.73000000',
  low: '112730.40000000',
  close: '112749.72000000',
  baseVolume: '4.75297000',
  quoteVolume: '535846.83867820',
  takerBuyBaseVolume: '1.90045000',
  takerBuyQuoteVolume: '214244.39643660',
  trades: 1459,
  firstTradeId: 5_400_000_001,
  lastTradeId: 5_400_001_459,
  source: 'websocket',
  eventTime: '2025-10-29T04:23:00.012Z',
  receivedTime: '2025-10-29T04:23:00.034Z',
};

/** The recorded minute moved to another one, for another symbol; as REST gives it where `source` says so. */
export function candleAt(openMs: number, symbol = CANDLE.symbol, change: Partial<Candle> = {}): Candle {
  return {
    ...CANDLE,
    symbol,
    openTime: toInstant(openMs),
    closeTime: toInstant(openMs + MINUTE_MS - 1),
    eventTime: toInstant(openMs + MINUTE_MS + 12),
    receivedTime: toInstant(openMs + MINUTE_MS + 34),
    ...change,
  };
}

const units = fc.bigInt({ min: 0n, max: 10n ** 20n });
const decimal = (value: bigint) => `${value / 10n ** 8n}.${(value % 10n ** 8n).toString().padStart(8, '0')}`;
const sorted = (values: readonly bigint[]) => values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));

/** Any candle that keeps the rules. */
export const anyCandle: fc.Arbitrary<Candle> = fc
  .record({
    prices: fc.tuple(units, units, units, units).map(sorted),
    falling: fc.boolean(),
    base: fc.tuple(units, units).map(sorted),
    quote: fc.tuple(units, units).map(sorted),
    minute: fc.integer({ min: 0, max: 40_000_000 }),
    trades: fc.nat(),
    symbol: fc.stringMatching(/^[A-Z0-9]{2,12}$/),
  })
  .map(({ prices, falling, base, quote, minute, trades, symbol }) => {
    const [low = 0n, first = 0n, second = 0n, high = 0n] = prices;
    return candleAt(minute * MINUTE_MS, symbol, {
      low: decimal(low),
      open: decimal(falling ? second : first),
      close: decimal(falling ? first : second),
      high: decimal(high),
      takerBuyBaseVolume: decimal(base[0] ?? 0n),
      baseVolume: decimal(base[1] ?? 0n),
      takerBuyQuoteVolume: decimal(quote[0] ?? 0n),
      quoteVolume: decimal(quote[1] ?? 0n),
      trades,
    });
  });
