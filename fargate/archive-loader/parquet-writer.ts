import { open } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { inferArchiveFormat } from '#domain/archive-row.ts';
import { checkRows } from './checked-rows.ts';
import { literal, numbersOf } from './duckdb-query.ts';
import { refused } from './outcome.ts';
import type { Refused } from './outcome.ts';
import type { Span } from './piece.ts';

/** What stands in every row beside the candle itself. */
interface Provenance {
  readonly symbol: string;
  readonly source: 'archive' | 'rest';
  /** As the manifest calls it. */
  readonly sourceFile: string;
  readonly sha256: string;
  readonly loadedAtMs: number;
}

export interface Converted {
  readonly kind: 'converted';
  readonly rows: number;
  /** Open times in ms, ascending, each once. */
  readonly openTimes: readonly number[];
}

/** Turns an archive's CSV into the typed Parquet that RAW.CANDLES_ARCHIVE is loaded from, in a DuckDB of its own. */
export interface ParquetWriter extends Disposable {
  convert(csvFile: string, span: Span, from: Provenance, parquetFile: string): Promise<Converted | Refused>;
  /** One row for each item; columns are named by the first item's keys, times end in `_AT` and are in ms. */
  write(rows: readonly Readonly<Record<string, string | number>>[], parquetFile: string): Promise<void>;
}

/** Of which a month of minutes needs a tenth; DuckDB writes to the folder what is above. */
const MEMORY_LIMIT = '256MB';

export async function openParquetWriter(temporaryFolder: string): Promise<ParquetWriter> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY_LIMIT,
    threads: '2',
    temp_directory: temporaryFolder,
  });
  return {
    convert: (csvFile, span, from, parquetFile) =>
      connected(instance, (connection) => convert(connection, csvFile, span, from, parquetFile)),
    write: (rows, parquetFile) => connected(instance, (connection) => write(connection, rows, parquetFile)),
    [Symbol.dispose]: () => instance.closeSync(),
  };
}

async function connected<T>(
  instance: DuckDBInstance,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

async function convert(
  connection: DuckDBConnection,
  csvFile: string,
  span: Span,
  from: Provenance,
  parquetFile: string,
): Promise<Converted | Refused> {
  const format = await readFormat(csvFile);
  if ('kind' in format) return refused(format.detail);
  const rows = await checkRows(connection, csvFile, format, span);
  if (rows.kind === 'refused') return rows;
  const { columns, openMs, table, inOrder } = rows;
  const { symbol, source, sourceFile, sha256, loadedAtMs } = from;
  await connection.run(`
    copy (
      select 'binance' as EXCHANGE, ${literal(symbol)} as SYMBOL, '1m' as CANDLE_INTERVAL, ${columns},
        ${literal(source)} as SOURCE, ${literal(sourceFile)} as SOURCE_FILE, ${literal(sha256)} as FILE_SHA256,
        make_timestamp(${loadedAtMs} * 1000) as LOADED_AT
      from ${table} ${inOrder}
    ) to ${literal(parquetFile)} (format parquet, compression zstd)`);
  const openTimes = await numbersOf(
    connection,
    `select distinct cast(${openMs} as double) from ${table} order by 1`,
  );
  const [count = 0] = await numbersOf(connection, `select cast(count(*) as double) from ${table}`);
  return { kind: 'converted', rows: count, openTimes };
}

/** Two lines are below this. */
const HEAD_BYTES = 4096;

async function readFormat(csvFile: string): Promise<ReturnType<typeof inferArchiveFormat>> {
  await using handle = await open(csvFile);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const [first = '', second] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/);
  return inferArchiveFormat(first, second);
}

async function write(
  connection: DuckDBConnection,
  rows: readonly Readonly<Record<string, string | number>>[],
  parquetFile: string,
): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => `(${names.map((name) => value(name, row[name])).join(', ')})`);
  await connection.run(
    `copy (select * from (values ${values.join(',\n')}) as given(${names.join(', ')})) to ${literal(parquetFile)} (format parquet)`,
  );
}

function value(name: string, given: string | number | undefined): string {
  return name.endsWith('_AT') ? `make_timestamp(${Number(given)} * 1000)` : literal(String(given));
}
