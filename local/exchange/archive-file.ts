import { MINUTE_MS } from '#domain/candle.ts';
import type { FaultOf } from './fault.ts';
import type { MarketCandle } from './market.ts';
import { lessTraded } from './less-traded.ts';

/** What a path of the archive names. */
export interface ArchiveFile {
  readonly symbol: string;
  /** Without an ending. */
  readonly name: string;
  /** Minutes since 1970, both inclusive: a whole day or month, UTC. */
  readonly firstMinute: number;
  readonly lastMinute: number;
}

export type ArchiveState = FaultOf<'archive'>['how'];

/** `/data/spot/{daily,monthly}/klines/SYMBOL/1m/SYMBOL-1m-YYYY-MM[-DD].zip`; undefined for any other path. */
export function readArchivePath(path: string): ArchiveFile | undefined {
  const { form, symbol, name, named, month, day } = PATH.exec(path)?.groups ?? {};
  if (symbol === undefined || name === undefined || symbol !== named) return undefined;
  if ((form === 'daily') !== (day !== undefined)) return undefined;
  const startMs = Date.parse(`${month}-${day ?? '01'}T00:00:00Z`);
  if (Number.isNaN(startMs)) return undefined;
  const end = new Date(startMs);
  // a day that its month does not have must not become one of the next month
  if (day !== undefined && end.getUTCDate() !== Number(day)) return undefined;
  if (day === undefined) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCDate(end.getUTCDate() + 1);
  return {
    symbol,
    name,
    firstMinute: startMs / MINUTE_MS,
    lastMinute: end.getTime() / MINUTE_MS - 1,
  };
}

const PATH =
  /^\/data\/spot\/(?<form>daily|monthly)\/klines\/(?<symbol>[^/]+)\/1m\/(?<name>(?<named>[^/]+)-1m-(?<month>\d{4}-\d\d)(?:-(?<day>\d\d))?)\.zip$/;

/** Spot files count in microseconds since then. */
const MICROSECONDS_SINCE_MINUTE = Date.parse('2025-01-01T00:00:00Z') / MINUTE_MS;

/**
 * The lines of a file, a chunk at a time. Source of the columns and units:
 * https://github.com/binance/binance-public-data#klines
 */
export function* archiveLines(
  file: ArchiveFile,
  candles: (minute: number) => MarketCandle | undefined,
  state: ArchiveState | undefined,
): Generator<string> {
  const inMicroseconds = file.firstMinute >= MICROSECONDS_SINCE_MINUTE && state !== 'futures';
  if (state === 'futures') yield HEADER;
  let chunk = '';
  for (let minute = file.firstMinute; minute <= file.lastMinute; minute++) {
    const candle = candles(minute);
    if (candle) chunk += line(state === 'rewritten' ? lessTraded(candle) : candle, inMicroseconds, state);
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

const HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n';

/** Small enough that the streams' own work gets its turn between two. */
const CHUNK_LENGTH = 32_000;

function line(candle: MarketCandle, inMicroseconds: boolean, state: ArchiveState | undefined): string {
  const { openMs, open, high, low, close, base, quote, trades, takerBase, takerQuote } = candle;
  const closeMs = openMs + MINUTE_MS - 1;
  const columns = [
    inMicroseconds ? `${openMs}000` : `${openMs}`,
    open,
    state === 'wrong-prices' ? '0.00000001' : high,
    low,
    close,
    base,
    inMicroseconds ? `${closeMs}999` : `${closeMs}`,
    quote,
    String(trades),
    takerBase,
    takerQuote,
    '0',
  ];
  return `${(state === 'wrong-columns' ? columns.slice(0, -1) : columns).join(',')}\n`;
}
