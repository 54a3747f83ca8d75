import * as z from 'zod';
import { describeIssues, rejected, toCandle } from './candle.ts';
import { toInstant } from './instant.ts';
import type { Candle, Decoded } from './candle.ts';

/**
 * One row of `GET /api/v3/klines`, all 12 columns:
 * https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#klinecandlestick-data
 * Never throws; a rejected row carries itself as JSON.
 */
export function fromKlineRow(row: unknown, symbol: string, receivedMs: number): Decoded {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) return rejected('not-a-candle', describeIssues(parsed.error), asBytes(row));
  return toCandle(rowFields(parsed.data, symbol, 'rest', receivedMs), asBytes(row));
}

export type KlineRow = z.infer<typeof rowSchema>;

/** The candle's fields from the 12 columns that REST and the archive share; times in milliseconds. */
export function rowFields(
  row: KlineRow,
  symbol: string,
  source: 'rest' | 'archive',
  receivedMs: number,
): Candle {
  const [openMs, open, high, low, close, baseVolume, closeMs, quoteVolume, trades, takerBase, takerQuote] =
    row;
  return {
    schemaVersion: 1,
    exchange: 'binance',
    symbol,
    interval: '1m',
    openTime: toInstant(openMs),
    closeTime: toInstant(closeMs),
    open,
    high,
    low,
    close,
    baseVolume,
    quoteVolume,
    takerBuyBaseVolume: takerBase,
    takerBuyQuoteVolume: takerQuote,
    trades,
    source,
    receivedTime: toInstant(receivedMs),
  };
}

const epochMs = z.int().min(0).max(8_640_000_000_000_000);
const text = z.string();

const rowSchema = z.tuple([
  epochMs,
  text,
  text,
  text,
  text,
  text,
  epochMs,
  text,
  z.int(),
  text,
  text,
  z.unknown(),
]);

function asBytes(row: unknown): Uint8Array {
  return new TextEncoder().encode(asText(row));
}

/** JSON can be read deeper than it can be written. */
function asText(row: unknown): string {
  try {
    return JSON.stringify(row) ?? 'undefined';
  } catch (error) {
    return `a row that can't be written as JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
