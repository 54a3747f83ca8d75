import type { Warehouse } from '#snowflake/connection.ts';
import type { LoadedFile } from './manifest.ts';
import type { Span } from './piece.ts';
import { minutesIn } from './spans.ts';

/**
 * The landing tables, written so that a death between any two statements leaves what the next run puts right: rows first,
 * the manifest last. What was landed twice by that is dropped downstream by identity.
 */
export interface Landing {
  /** Loads a Parquet file into a table by the names of its columns. Throws unless all of its rows arrived. */
  copy(table: 'CANDLES_ARCHIVE' | 'EXCHANGE_SYMBOLS', parquetFile: string, rows: number): Promise<void>;
  /** Minutes that the exchange was asked for and does not have. */
  recordAbsent(
    symbol: string,
    spans: readonly Span[],
    asked: 'archive' | 'rest',
    atMs: number,
  ): Promise<void>;
  recordFile(file: LoadedFile, rows: number, atMs: number): Promise<void>;
}

/** `run` names a folder on the stage that no other run writes to. */
export function openLanding(warehouse: Warehouse, run: string): Landing {
  return {
    async copy(table, parquetFile, rows) {
      await warehouse.execute(
        `PUT ${literal(`file://${parquetFile}`)} @RAW.ARCHIVE_STAGE/${run} AUTO_COMPRESS = FALSE OVERWRITE = TRUE`,
      );
      const name = parquetFile.slice(parquetFile.lastIndexOf('/') + 1);
      const [result] = await warehouse.execute(
        `COPY INTO RAW.${table} FROM @RAW.ARCHIVE_STAGE/${run}/ FILES = (${literal(name)})
         FILE_FORMAT = (FORMAT_NAME = 'RAW.TYPED_PARQUET') MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE PURGE = TRUE`,
      );
      const loaded = Number(result?.['rows_loaded'] ?? 0);
      if (loaded !== rows) {
        throw new Error(
          `expected COPY INTO RAW.${table} to load ${rows} rows, got ${loaded}: ${JSON.stringify(result)}`,
        );
      }
    },
    async recordAbsent(symbol, spans, asked, atMs) {
      const minutes = [...minutesIn(spans)];
      for (let i = 0; i < minutes.length; i += ROWS_A_STATEMENT) {
        const values = minutes.slice(i, i + ROWS_A_STATEMENT).map((ms) => `(${literal(plain(ms))})`);
        await warehouse.execute(
          `INSERT INTO RAW.ABSENT_MINUTES (EXCHANGE, SYMBOL, OPEN_TIME, ASKED, CHECKED_AT)
           SELECT 'binance', ?, TO_TIMESTAMP_NTZ(MINUTES.OPEN_TIME), ?, TO_TIMESTAMP_NTZ(?)
           FROM (VALUES ${values.join(', ')}) AS MINUTES (OPEN_TIME)`,
          [symbol, asked, plain(atMs)],
        );
      }
    },
    async recordFile({ fileName, symbol, granularity, firstMs, lastMs, sha256 }, rows, atMs) {
      await warehouse.execute(
        `INSERT INTO RAW.ARCHIVE_FILES
           (FILE_NAME, EXCHANGE, SYMBOL, GRANULARITY, FIRST_OPEN_TIME, LAST_OPEN_TIME, FILE_SHA256, ROW_COUNT, LOADED_AT)
         SELECT ?, 'binance', ?, ?, TO_TIMESTAMP_NTZ(?), TO_TIMESTAMP_NTZ(?), ?, ?, TO_TIMESTAMP_NTZ(?)`,
        [fileName, symbol, granularity, plain(firstMs), plain(lastMs), sha256, rows, plain(atMs)],
      );
    },
  };
}

/** Of the 16,384 that one VALUES clause may have. */
const ROWS_A_STATEMENT = 5000;

/** As TO_TIMESTAMP_NTZ reads it in every session: without a zone. */
function plain(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
