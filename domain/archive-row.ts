import { rejected, toCandle } from './candle.ts';
import type { Decoded } from './candle.ts';
import { rowFields } from './kline-row.ts';

/** Archive files count time in one of these; spot files changed to microseconds on 2025-01-01, futures files did not. */
export type ArchiveTimeUnit = 'milliseconds' | 'microseconds';

export interface ArchiveFormat {
  readonly hasHeader: boolean;
  readonly unit: ArchiveTimeUnit;
}

/**
 * Reads the format off a file's first two lines, never off its date.
 * Source: https://github.com/binance/binance-public-data#klines
 */
export function inferArchiveFormat(
  firstLine: string,
  secondLine?: string,
): ArchiveFormat | { readonly kind: 'unknown'; readonly detail: string } {
  const hasHeader = firstLine.startsWith('open_time');
  const sample = (hasHeader ? secondLine : firstLine)?.split(',')[0]?.trim() ?? '';
  const digits = /^\d+$/.test(sample) ? sample.length : 0;
  // 13 digits of milliseconds span 2001 to 2286, as do 16 digits of microseconds.
  if (digits === 13) return { hasHeader, unit: 'milliseconds' };
  if (digits === 16) return { hasHeader, unit: 'microseconds' };
  return {
    kind: 'unknown',
    detail: `expected an open time of 13 digits (milliseconds) or 16 (microseconds), got ${sample.slice(0, 32) || 'nothing'}`,
  };
}

/** One line of an archive's CSV; never throws. */
export function fromArchiveRow(
  line: string,
  symbol: string,
  unit: ArchiveTimeUnit,
  receivedMs: number,
): Decoded {
  const raw = new TextEncoder().encode(line);
  const columns = line.trim().split(',');
  if (columns.length !== 12) {
    return rejected('not-a-candle', `expected 12 columns, got ${columns.length}`, raw);
  }
  const [openTime, open, high, low, close, base, closeTime, quote, trades, takerBase, takerQuote, ignored] =
    columns as Columns; // the length was checked above
  const [openMs, closeMs] = [toMs(openTime, unit), toMs(closeTime, unit)];
  if (openMs === undefined || closeMs === undefined || !/^\d{1,15}$/.test(trades)) {
    return rejected(
      'not-a-candle',
      `expected times in ${unit} and a trade count, got ${openTime}, ${closeTime}, ${trades}`,
      raw,
    );
  }
  const row = [
    openMs,
    open,
    high,
    low,
    close,
    base,
    closeMs,
    quote,
    Number(trades),
    takerBase,
    takerQuote,
    ignored,
  ];
  return toCandle(rowFields(row as Parameters<typeof rowFields>[0], symbol, 'archive', receivedMs), raw); // built in order above
}

type Columns = [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** A close time in microseconds ends in 999999; its millisecond is the whole part. */
function toMs(value: string, unit: ArchiveTimeUnit): number | undefined {
  const expectedDigits = unit === 'milliseconds' ? 13 : 16;
  if (!/^\d+$/.test(value) || value.length !== expectedDigits) return undefined;
  return unit === 'milliseconds' ? Number(value) : Math.floor(Number(value) / 1000);
}
