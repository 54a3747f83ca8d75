import { DuckDBInstance } from '@duckdb/node-api';
import type { Counts } from '#bench/run/definition.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { lastDigits } from './archive-files.ts';

/** What a contestant landed in the emulator. */
export async function countsIn(options: Pick<RunOptions, 'folder' | 'portBase'>): Promise<Counts> {
  await using admin = await connectAs(options, 'admin');
  const [row] = await admin.execute(countsSql('CRYPTO_MARKET.RAW.CANDLES_ARCHIVE'));
  return countsFrom(row);
}

/** The same of a table in a DuckDB file. */
export async function countsOfFile(file: string): Promise<Counts> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    const answer = await connection.runAndReadAll(
      `select columns(*)::varchar from (${countsSql('CANDLES_ARCHIVE')})`,
    );
    connection.closeSync();
    return countsFrom(answer.getRowObjects()[0]);
  } finally {
    instance.closeSync();
  }
}

/** Sums of what was meant: a price that came by a float is itself again at eight decimals, and counted as inexact. */
function countsSql(table: string): string {
  const numbers = ['OPEN_PRICE', 'HIGH_PRICE', 'LOW_PRICE', 'CLOSE_PRICE', 'BASE_VOLUME', 'QUOTE_VOLUME'];
  const isInexact = numbers.map((name) => `${name} <> ROUND(${name}, 8)`).join(' OR ');
  return `
    SELECT COUNT(*) AS LANDED, SUM(TRADES) AS TRADES, SUM(ROUND(BASE_VOLUME, 8)) AS BASE,
      SUM(ROUND(CLOSE_PRICE, 8)) AS CLOSE, SUM(CASE WHEN ${isInexact} THEN 1 ELSE 0 END) AS INEXACT,
      (SELECT COUNT(*) FROM (SELECT DISTINCT SYMBOL, OPEN_TIME FROM ${table})) AS CANDLES
    FROM ${table}`;
}

function countsFrom(row: Readonly<Record<string, unknown>> = {}): Counts {
  const { LANDED, TRADES, BASE, CLOSE, INEXACT, CANDLES } = row;
  return {
    rows: Number(LANDED),
    candles: Number(CANDLES),
    trades: Number(TRADES),
    baseDigits: lastDigits(units(BASE)),
    closeDigits: lastDigits(units(CLOSE)),
    inexact: Number(INEXACT),
  };
}

/** Of 10^-8, from a decimal's text. */
function units(decimal: unknown): bigint {
  const [whole = '', fraction = ''] = String(decimal).split('.');
  return BigInt(whole + fraction.slice(0, 8).padEnd(8, '0'));
}
