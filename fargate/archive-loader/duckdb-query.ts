import type { DuckDBConnection } from '@duckdb/node-api';

export async function rowsOf(connection: DuckDBConnection, sql: string) {
  return (await connection.runAndReadAll(sql)).getRowObjects();
}

/** A query's first column, which has to be a DOUBLE. */
export async function numbersOf(connection: DuckDBConnection, sql: string): Promise<readonly number[]> {
  const reader = await connection.runAndReadAll(sql);
  // of such a column; an object for each row would take ten times as long
  return (reader.getColumns()[0] ?? []) as number[];
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
