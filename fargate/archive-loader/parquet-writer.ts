import { open } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { inferArchiveFormat } from '#domain/archive-row.ts';
import type { ArchiveFormat } from '#domain/archive-row.ts';
import { describeError, refused } from './outcome.ts';
import type { Refused } from './outcome.ts';
import type { Span } from './piece.ts';
import { firstProblemSql, openMsSql, typedColumnsSql } from './row-checks.ts';

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
  { firstMs, lastMs }: Span,
  from: Provenance,
  parquetFile: string,
): Promise<Converted | Refused> {
  const format = await readFormat(csvFile);
  if ('kind' in format) return refused(format.detail);
  try {
    await connection.run(readLinesSql(csvFile, format));
  } catch (error) {
    return refused(`expected lines of text, got what can't be read: ${describeError(error)}`);
  }
  const [problem] = await rowsOf(connection, firstProblemSql(format.unit, firstMs, lastMs));
  if (problem) {
    const { LINE_NUMBER, PROBLEM, LINE } = problem;
    return refused(
      `line ${String(LINE_NUMBER)}: ${String(PROBLEM)} in ${JSON.stringify(String(LINE).slice(0, 200))}`,
    );
  }
  const { symbol, source, sourceFile, sha256, loadedAtMs } = from;
  await connection.run(`
    copy (
      select 'binance' as EXCHANGE, ${literal(symbol)} as SYMBOL, '1m' as CANDLE_INTERVAL, ${typedColumnsSql(format.unit)},
        ${literal(source)} as SOURCE, ${literal(sourceFile)} as SOURCE_FILE, ${literal(sha256)} as FILE_SHA256,
        make_timestamp(${loadedAtMs} * 1000) as LOADED_AT
      from lines order by line_number
    ) to ${literal(parquetFile)} (format parquet, compression zstd)`);
  const times = await rowsOf(
    connection,
    `select distinct ${openMsSql(format.unit)} as OPEN_MS from lines order by 1`,
  );
  const [counted] = await rowsOf(connection, 'select count(*) as N from lines');
  return {
    kind: 'converted',
    rows: Number(counted?.['N']),
    openTimes: times.map(({ OPEN_MS }) => Number(OPEN_MS)),
  };
}

/** Whole lines, cut by ourselves: so that a line with a column too few is found and named, not filled up. */
function readLinesSql(csvFile: string, { hasHeader }: ArchiveFormat): string {
  return `
    create temp table lines as
    select row_number() over () + ${hasHeader ? 1 : 0} as line_number, string_split(trim(line, ' \t\r'), ',') as columns
    from read_csv(${literal(csvFile)}, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '',
      header = ${hasHeader}, auto_detect = false, null_padding = false)`;
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
  const value = (name: string, given: string | number | undefined) =>
    name.endsWith('_AT') ? `make_timestamp(${Number(given)} * 1000)` : literal(String(given));
  const values = rows.map((row) => `(${names.map((name) => value(name, row[name])).join(', ')})`);
  await connection.run(
    `copy (select * from (values ${values.join(',\n')}) as given(${names.join(', ')})) to ${literal(parquetFile)} (format parquet)`,
  );
}

async function rowsOf(connection: DuckDBConnection, sql: string) {
  return (await connection.runAndReadAll(sql)).getRowObjects();
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
