import type { Candle } from '#domain/candle.ts';
import type { Warehouse } from '#snowflake/connection.ts';
import { COMPARED, expectedCandles, twelveDigits } from './expected-candles.ts';
import type { ExpectedCandle } from './expected-candles.ts';

const INTERVALS = [
  ['1m', 1],
  ['5m', 5],
  ['15m', 15],
  ['1h', 60],
  ['4h', 240],
  ['1d', 1440],
] as const;

/** Every mart of candles beside what it should hold, each sorted. */
export async function compareCandles(
  sql: Warehouse,
  candles: readonly Candle[],
): Promise<
  readonly { interval: string; held: readonly ExpectedCandle[]; expected: readonly ExpectedCandle[] }[]
> {
  const compared = [];
  for (const [interval, minutes] of INTERVALS) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const held = await heldCandles(sql, interval);
    const expected = expectedCandles(candles, interval, minutes).toSorted(bySymbolAndTime);
    compared.push({ interval, held, expected });
  }
  return compared;
}

async function heldCandles(sql: Warehouse, interval: string): Promise<readonly ExpectedCandle[]> {
  const columns = COMPARED.filter((name) => name !== 'VWAP_TO_12_DIGITS').map(
    (name) => `${name}::varchar as ${name}`,
  );
  const rows = await sql.execute(
    `select ${columns.join(', ')}, vwap::varchar as vwap from MARTS.FCT_CANDLES_${interval} order by symbol, open_time`,
  );
  return rows.map((row) => {
    const text = (name: string) => String(row[name]);
    const vwap = row['VWAP'];
    const all = COMPARED.map((name) => [
      name,
      name.endsWith('_TIME') ? text(name).slice(0, 23).padEnd(23, '.000') : text(name),
    ]);
    return {
      ...Object.fromEntries(all),
      VWAP_TO_12_DIGITS: twelveDigits(vwap === null || vwap === undefined ? null : String(vwap)),
    } as ExpectedCandle; // all of COMPARED, just now
  });
}

function bySymbolAndTime(a: ExpectedCandle, b: ExpectedCandle): number {
  return `${a.SYMBOL} ${a.OPEN_TIME}` < `${b.SYMBOL} ${b.OPEN_TIME}` ? -1 : 1;
}

const TABLES = {
  STAGING: ['INT_STREAM_CANDLES', 'INT_CANDLES', 'INT_CANDLE_DAYS', 'INT_COVERAGE', 'INT_GAP_ISLANDS'],
  MARTS: [
    ...INTERVALS.map(([interval]) => `FCT_CANDLES_${interval.toUpperCase()}`),
    'FCT_CANDLE_GAPS',
    'MART_DATA_QUALITY',
    'MART_PIPELINE_AUDIT',
  ],
} as const;

/** Every row of every table, by default of all candles and what is said of them, as sorted text. */
export async function dump(
  sql: Warehouse,
  tablesOf: Readonly<Record<string, readonly string[]>> = TABLES,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = new Map<string, readonly string[]>();
  for (const [schema, names] of Object.entries(tablesOf)) {
    for (const name of names) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const rows = await sql.execute(`select * from ${schema}.${name}`);
      tables.set(name, rows.map((row) => JSON.stringify(row)).toSorted());
    }
  }
  return tables;
}

/** Columns of a table's rows as text, sorted. */
export async function linesOf(
  sql: Warehouse,
  table: string,
  columns: readonly string[],
  where = 'true',
): Promise<readonly string[]> {
  const selected = columns.map((name) => `${name}::varchar`).join(', ');
  const rows = await sql.execute(`select concat_ws(' ', ${selected}) as line from ${table} where ${where}`);
  // the emulator leaves out milliseconds that are none
  return rows.map((row) => String(row['LINE']).replaceAll(/(:\d\d)(?=\s|$)/g, '$1.000')).toSorted();
}
