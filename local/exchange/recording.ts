import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { MINUTE_MS } from '#domain/candle.ts';
import { toUnits } from './units.ts';

/** Real candles of one symbol, minute after minute without a gap; numbers are the recording's own strings. */
export interface Recording {
  readonly symbol: string;
  /** Minutes since 1970 of the first row. */
  readonly startMinute: number;
  readonly rows: readonly RecordedRow[];
  /** Trades before row i; one more entry than rows, the last being all of them. */
  readonly tradesBefore: readonly number[];
}

export interface RecordedRow {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly base: string;
  readonly quote: string;
  readonly trades: number;
  readonly takerBase: string;
  readonly takerQuote: string;
  /** The same two volumes as exact integers, for sums over a day. */
  readonly baseUnits: bigint;
  readonly quoteUnits: bigint;
  /** As floats, which order prices rightly; never shown. */
  readonly highRank: number;
  readonly lowRank: number;
}

export const RECORDED_SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;

export function loadRecording(symbol: (typeof RECORDED_SYMBOLS)[number]): Recording {
  const file = new URL(`recording/${symbol}_1m.csv.gz`, import.meta.url);
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  if (header !== HEADER) throw new Error(`expected the columns ${HEADER} in ${file.pathname}, got ${header}`);
  const times = lines.map((line) => Date.parse(line.slice(0, line.indexOf(','))) / MINUTE_MS);
  const [startMinute = Number.NaN] = times;
  const gap = times.findIndex((minute, index) => minute !== startMinute + index);
  if (gap >= 0)
    throw new Error(`expected one row a minute in ${file.pathname}, got a gap before row ${gap + 1}`);
  const rows = lines.map(readRow);
  const tradesBefore = [0];
  for (const [index, row] of rows.entries()) tradesBefore.push((tradesBefore[index] ?? 0) + row.trades);
  return { symbol, startMinute, rows, tradesBefore };
}

const HEADER =
  'open_time,open,high,low,close,volume,close_time,qav,num_trades,taker_base,taker_quote,ignore,symbol';

function readRow(line: string): RecordedRow {
  const columns = line.split(',');
  if (columns.length !== 13)
    throw new Error(`expected 13 columns in the recording, got ${columns.length}: ${line}`);
  const [, open, high, low, close, base, , quote, trades, takerBase, takerQuote] = columns as Columns; // counted above
  return {
    open,
    high,
    low,
    close,
    base,
    quote,
    trades: Number(trades),
    takerBase,
    takerQuote,
    baseUnits: toUnits(base),
    quoteUnits: toUnits(quote),
    highRank: Number(high),
    lowRank: Number(low),
  };
}

type Columns = [string, string, string, string, string, string, string, string, string, string, string];
