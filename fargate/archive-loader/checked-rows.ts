import type { DuckDBConnection } from '@duckdb/node-api';
import type { ArchiveFormat } from '#domain/archive-row.ts';
import { literal, rowsOf } from './duckdb-query.ts';
import { describeError, refused } from './outcome.ts';
import type { Refused } from './outcome.ts';
import type { Span } from './piece.ts';
import { countBrokenRowsSql, countPlainLinesSql, plainColumnsSql, readPlainRowsSql } from './plain-rows.ts';
import { firstProblemSql, openMsSql, typedColumnsSql } from './row-checks.ts';

/** The rows of a file that keeps all rules, as parts of a query. */
interface CheckedRows {
  readonly kind: 'checked';
  /** What stands after `select`. */
  readonly columns: string;
  readonly openMs: string;
  /** What stands after `from`. */
  readonly table: string;
  /** The rest, for the order of the file. */
  readonly inOrder: string;
}

/** Reads a CSV into a table of the connection's own, and holds every line against the rules. */
export async function checkRows(
  connection: DuckDBConnection,
  csvFile: string,
  format: ArchiveFormat,
  span: Span,
): Promise<CheckedRows | Refused> {
  return (
    (await checkPlainRows(connection, csvFile, format, span)) ??
    (await checkLines(connection, csvFile, format, span))
  );
}

/** Undefined where a line is broken, or only unusual: then the rules themselves have to tell. */
async function checkPlainRows(
  connection: DuckDBConnection,
  csvFile: string,
  format: ArchiveFormat,
  span: Span,
): Promise<CheckedRows | undefined> {
  const csv = literal(csvFile);
  try {
    const [lines] = await rowsOf(connection, countPlainLinesSql(csv, format));
    if (lines?.['ALL_LINES'] !== lines?.['PLAIN_LINES']) return undefined;
    await connection.run(readPlainRowsSql(csv, format));
    const [rows] = await rowsOf(connection, countBrokenRowsSql(span));
    if (rows?.['ALL_ROWS'] !== lines?.['ALL_LINES'] || rows?.['BROKEN_ROWS'] !== 0n) return undefined;
  } catch {
    // The rules read the file anew and tell what is wrong with it.
    return undefined;
  }
  return { kind: 'checked', columns: plainColumnsSql(), openMs: 'open_ms', table: 'plain', inOrder: '' };
}

async function checkLines(
  connection: DuckDBConnection,
  csvFile: string,
  format: ArchiveFormat,
  { firstMs, lastMs }: Span,
): Promise<CheckedRows | Refused> {
  const { unit } = format;
  try {
    await connection.run(readLinesSql(csvFile, format));
  } catch (error) {
    return refused(`expected lines of text, got what can't be read: ${describeError(error)}`);
  }
  const [problem] = await rowsOf(connection, firstProblemSql(unit, firstMs, lastMs));
  if (problem) {
    const { LINE_NUMBER, PROBLEM, LINE } = problem;
    return refused(
      `line ${String(LINE_NUMBER)}: ${String(PROBLEM)} in ${JSON.stringify(String(LINE).slice(0, 200))}`,
    );
  }
  return {
    kind: 'checked',
    columns: typedColumnsSql(unit),
    openMs: openMsSql(unit),
    table: 'lines',
    inOrder: 'order by line_number',
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
