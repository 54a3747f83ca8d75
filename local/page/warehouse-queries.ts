import * as z from 'zod';
import type { Row } from '#snowflake/connection.ts';
import { GAP_ROWS_SHOWN, HISTORY_INTERVALS, QUALITY_ROWS_SHOWN } from './warehouse-answers.ts';
import type { HistoryCandle, HistoryInterval, Overview } from './warehouse-answers.ts';

/** Runs one of the statements below; nothing of the browser's text is ever in one, but as a bound value. */
export type Execute = (sql: string, binds: readonly string[]) => Promise<readonly Row[]>;

/** What the models say of themselves: rows landed, open gaps and the newest day's quality. */
export async function readOverview(execute: Execute): Promise<Overview> {
  const [audit] = await rows(execute, AUDIT_SQL, auditRow);
  const sources = await rows(execute, SOURCES_SQL, sourceRow);
  const gaps = await rows(execute, GAPS_SQL, gapClassRow);
  const newest = await rows(execute, NEWEST_GAPS_SQL, gapRow);
  const [total] = await rows(execute, QUALITY_TOTAL_SQL, qualityTotalRow);
  const worst = await rows(execute, QUALITY_SQL, qualityRow);
  return {
    streamRows: audit?.STREAM_ROWS ?? 0,
    lastLandedMs: audit?.LAST_LANDED_AT ?? undefined,
    missingOffsets: audit?.MISSING_OFFSETS ?? 0,
    repeatedRows: audit?.REPEATED_ROWS ?? 0,
    candles: sources.map(({ SOURCE, CANDLES }) => ({ source: SOURCE, candles: CANDLES })),
    gaps: gaps.map((row) => ({ gapClass: row.GAP_CLASS, islands: row.ISLANDS, minutes: row.MINUTES })),
    newestGaps: newest.map((row) => ({
      exchange: row.EXCHANGE,
      symbol: row.SYMBOL,
      firstOpenMs: row.FIRST_OPEN_TIME,
      lastOpenMs: row.LAST_OPEN_TIME,
      minutes: row.MISSING_MINUTES,
      gapClass: row.GAP_CLASS,
    })),
    day: total?.DATE_DAY,
    dayTotal: total && { symbols: total.SYMBOLS, ...minutesOf(total) },
    worst: worst.map((row) => ({
      symbol: row.SYMBOL,
      ...minutesOf(row),
      lagP95Seconds: row.LAG_P95_SECONDS ?? undefined,
    })),
  };
}

/** Every symbol that the warehouse has candles of. */
export async function readMartSymbols(execute: Execute): Promise<readonly string[]> {
  return (await rows(execute, SYMBOLS_SQL, z.object({ SYMBOL: z.string() }))).map(({ SYMBOL }) => SYMBOL);
}

/** The newest candles of a pair, oldest first; as many as a chart of them is still quick with. */
export async function readHistory(
  execute: Execute,
  symbol: string,
  interval: HistoryInterval,
): Promise<readonly HistoryCandle[]> {
  const found = await rows(execute, HISTORY_SQL[interval], historyRow, [symbol]);
  return found.toReversed().map((row) => ({
    openMs: row.OPEN_TIME,
    open: row.OPEN_PRICE,
    high: row.HIGH_PRICE,
    low: row.LOW_PRICE,
    close: row.CLOSE_PRICE,
    baseVolume: row.BASE_VOLUME,
    quoteVolume: row.QUOTE_VOLUME,
    present: row.PRESENT,
    expected: row.EXPECTED,
  }));
}

const AUDIT_SQL = `
  select
    sum(distinct_offsets + duplicate_rows) as stream_rows,
    sum(missing_offsets) as missing_offsets,
    sum(duplicate_rows) as repeated_rows,
    max(last_landed_at) as last_landed_at
  from marts.mart_pipeline_audit`;

const SOURCES_SQL = `
  select source, count(*) as candles from marts.fct_candles_1m group by source order by candles desc, source`;

const GAPS_SQL = `
  select gap_class, count(*) as islands, sum(missing_minutes) as minutes
  from marts.fct_candle_gaps group by gap_class order by gap_class`;

const NEWEST_GAPS_SQL = `
  select
    exchange, symbol, first_open_time, last_open_time, missing_minutes, gap_class
  from marts.fct_candle_gaps
  order by last_open_time desc, exchange, symbol limit ${GAP_ROWS_SHOWN}`;

const MINUTES_SQL = ['expected', 'present', 'late', 'corrected', 'healed', 'missing'] as const;

const QUALITY_TOTAL_SQL = `
  select
    date_day, count(*) as symbols,
    ${MINUTES_SQL.map((kind) => `sum(${kind}_minutes) as ${kind}_minutes`).join(', ')}
  from marts.mart_data_quality group by date_day order by date_day desc limit 1`;

const QUALITY_SQL = `
  select symbol, ${MINUTES_SQL.map((kind) => `${kind}_minutes`).join(', ')}, lag_p95_seconds
  from marts.mart_data_quality
  where date_day = (select max(date_day) from marts.mart_data_quality)
  order by missing_minutes desc, late_minutes desc, symbol limit ${QUALITY_ROWS_SHOWN}`;

const SYMBOLS_SQL = `select distinct symbol from marts.fct_candles_1d order by symbol`;

const HISTORY_CANDLES = 1_000;

const HISTORY_SQL = Object.fromEntries(
  Object.keys(HISTORY_INTERVALS).map((interval) => [interval, historySql(interval)]),
) as Record<HistoryInterval, string>; // the same keys

function historySql(interval: string): string {
  const counts =
    interval === '1m'
      ? '1 as present, 1 as expected'
      : 'candles_present as present, candles_expected as expected';
  return `
  select
    open_time, open_price, high_price, low_price, close_price, base_volume, quote_volume, ${counts}
  from marts.fct_candles_${interval}
  where symbol = ?
  order by open_time desc limit ${HISTORY_CANDLES}`;
}

async function rows<T>(
  execute: Execute,
  sql: string,
  schema: z.ZodType<T>,
  binds: readonly string[] = [],
): Promise<readonly T[]> {
  return z.array(schema).parse(await execute(sql, binds));
}

/** Whole or not; the warehouse's client gives some numbers as text. */
const number = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i)]).transform(Number);
const exact = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(withoutScale);

const instant = z.iso.datetime().transform((text) => Date.parse(text));

/** NUMBER(38,18) has 18 decimals, of which most are zeros. */
function withoutScale(value: number | string): string {
  const text = String(value);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const auditRow = z.object({
  // sums over no rows
  STREAM_ROWS: number.nullable(),
  MISSING_OFFSETS: number.nullable(),
  REPEATED_ROWS: number.nullable(),
  LAST_LANDED_AT: instant.nullable(),
});
const sourceRow = z.object({ SOURCE: z.string(), CANDLES: number });
const gapClassRow = z.object({ GAP_CLASS: z.string(), ISLANDS: number, MINUTES: number });
const gapRow = z.object({
  EXCHANGE: z.string(),
  SYMBOL: z.string(),
  MISSING_MINUTES: number,
  GAP_CLASS: z.string(),
  FIRST_OPEN_TIME: instant,
  LAST_OPEN_TIME: instant,
});

const minutes = {
  EXPECTED_MINUTES: number,
  PRESENT_MINUTES: number,
  LATE_MINUTES: number,
  CORRECTED_MINUTES: number,
  HEALED_MINUTES: number,
  MISSING_MINUTES: number,
};
const qualityTotalRow = z.object({ DATE_DAY: z.iso.date(), SYMBOLS: number, ...minutes });
const qualityRow = z.object({ SYMBOL: z.string(), ...minutes, LAG_P95_SECONDS: number.nullable() });

function minutesOf(row: Readonly<Record<keyof typeof minutes, number>>) {
  return {
    expected: row.EXPECTED_MINUTES,
    present: row.PRESENT_MINUTES,
    late: row.LATE_MINUTES,
    corrected: row.CORRECTED_MINUTES,
    healed: row.HEALED_MINUTES,
    missing: row.MISSING_MINUTES,
  };
}

const historyRow = z.object({
  OPEN_TIME: instant,
  OPEN_PRICE: exact,
  HIGH_PRICE: exact,
  LOW_PRICE: exact,
  CLOSE_PRICE: exact,
  BASE_VOLUME: exact,
  QUOTE_VOLUME: exact,
  PRESENT: number,
  EXPECTED: number,
});
