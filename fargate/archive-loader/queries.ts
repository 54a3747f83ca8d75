import { StatementError } from '#snowflake/connection.ts';
import type { Row, Value, Warehouse } from '#snowflake/connection.ts';
import type { LoadedFile } from './manifest.ts';
import { PlainError } from './outcome.ts';
import type { Span } from './piece.ts';

/** The newest row of every file that was ever loaded. */
export async function loadedFiles(warehouse: Warehouse): Promise<readonly LoadedFile[]> {
  const rows = await warehouse.execute(`
    SELECT FILE_NAME, SYMBOL, GRANULARITY, FIRST_OPEN_TIME, LAST_OPEN_TIME, FILE_SHA256
    FROM RAW.ARCHIVE_FILES
    WHERE EXCHANGE = 'binance'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY FILE_NAME ORDER BY LOADED_AT DESC) = 1
    ORDER BY FILE_NAME`);
  return rows.map((row) => ({
    fileName: text(row['FILE_NAME']),
    symbol: text(row['SYMBOL']),
    granularity: granularity(row['GRANULARITY']),
    firstMs: instant(row['FIRST_OPEN_TIME']),
    lastMs: instant(row['LAST_OPEN_TIME']),
    sha256: text(row['FILE_SHA256']),
  }));
}

/** The symbols of which the stream landed a candle. */
export async function streamedSymbols(warehouse: Warehouse): Promise<readonly string[]> {
  const rows = await warehouse.execute(`
    SELECT DISTINCT RECORD_CONTENT:symbol::VARCHAR AS SYMBOL
    FROM RAW.CANDLES_STREAM
    WHERE RECORD_CONTENT:symbol IS NOT NULL
    ORDER BY SYMBOL`);
  return rows.map((row) => text(row['SYMBOL']));
}

export interface Gap extends Span {
  readonly symbol: string;
}

/** Missing minutes that are ours to fill, oldest first. */
export async function ourGaps(warehouse: Warehouse): Promise<readonly Gap[]> {
  const rows = await warehouse.execute(OUR_GAPS).catch((error: unknown) => {
    if (!(error instanceof StatementError) || error.code !== NOT_THERE) throw error;
    throw new PlainError(
      `expected the model MARTS.FCT_CANDLE_GAPS, got: ${error.reason}; build it with dbt, and grant this role to read it`,
      { cause: error },
    );
  });
  return rows.map((row: Row) => ({
    symbol: text(row['SYMBOL']),
    firstMs: instant(row['FIRST_OPEN_TIME']),
    lastMs: instant(row['LAST_OPEN_TIME']),
  }));
}

const OUR_GAPS = `
  SELECT SYMBOL, FIRST_OPEN_TIME, LAST_OPEN_TIME
  FROM MARTS.FCT_CANDLE_GAPS
  WHERE EXCHANGE = 'binance' AND GAP_CLASS = 'ours'
  ORDER BY FIRST_OPEN_TIME, SYMBOL`;

/** Snowflake's number for what does not exist or may not be seen. */
const NOT_THERE = '002003';

function granularity(value: Value | undefined): LoadedFile['granularity'] {
  if (value === 'daily' || value === 'monthly' || value === 'rest') return value;
  throw new Error(`expected daily, monthly or rest in RAW.ARCHIVE_FILES.GRANULARITY, got ${String(value)}`);
}

function text(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`expected text from the warehouse, got ${String(value)}`);
}

function instant(value: Value | undefined): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new Error(`expected a time from the warehouse, got ${String(value)}`);
  return ms;
}
