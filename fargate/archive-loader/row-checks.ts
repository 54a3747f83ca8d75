import type { ArchiveTimeUnit } from '#domain/archive-row.ts';

/**
 * The rules of `#domain/candle.ts` as SQL over a table `lines(line_number, columns)`, so that a whole file is checked at
 * once. A property test holds the two against each other.
 */

/** The twelve columns of an archive's row, as DuckDB's list positions. */
const COLUMN = {
  openTime: 'columns[1]',
  open: 'columns[2]',
  high: 'columns[3]',
  low: 'columns[4]',
  close: 'columns[5]',
  base: 'columns[6]',
  closeTime: 'columns[7]',
  quote: 'columns[8]',
  trades: 'columns[9]',
  takerBase: 'columns[10]',
  takerQuote: 'columns[11]',
} as const;

const DECIMAL_COLUMNS = ['open', 'high', 'low', 'close', 'base', 'quote', 'takerBase', 'takerQuote'] as const;

const ORDERED = [
  ['low', 'open'],
  ['low', 'close'],
  ['open', 'high'],
  ['close', 'high'],
  ['takerBase', 'base'],
  ['takerQuote', 'quote'],
] as const;

/** Tells what is wrong with the first broken line: columns LINE_NUMBER, PROBLEM, LINE; no row when all are right. */
export function firstProblemSql(unit: ArchiveTimeUnit, firstMs: number, lastMs: number): string {
  const digits = unit === 'milliseconds' ? 13 : 16;
  const [openMs, closeMs] = [toMs(COLUMN.openTime, unit), toMs(COLUMN.closeTime, unit)];
  const cases = [
    `when len(columns) <> 12 then 'expected 12 columns, got ' || len(columns)`,
    `when not regexp_full_match(${COLUMN.openTime}, '\\d{${digits}}') or not regexp_full_match(${COLUMN.closeTime}, '\\d{${digits}}')
       or not regexp_full_match(${COLUMN.trades}, '\\d{1,15}')
     then 'expected times in ${unit} and a trade count, got ' || ${COLUMN.openTime} || ', ' || ${COLUMN.closeTime} || ', ' || ${COLUMN.trades}`,
    ...DECIMAL_COLUMNS.map(
      (name) =>
        `when not regexp_full_match(${COLUMN[name]}, '\\d{1,20}(\\.\\d{1,18})?')
         then 'expected ${name} to be a plain decimal, got ' || ${COLUMN[name]}`,
    ),
    ...ORDERED.map(
      ([lower, upper]) =>
        `when ${asDecimal(lower)} > ${asDecimal(upper)}
         then 'expected ${lower} <= ${upper}, got ' || ${COLUMN[lower]} || ' > ' || ${COLUMN[upper]}`,
    ),
    `when ${openMs} % 60000 <> 0 then 'expected an open time on a full minute, got ' || ${COLUMN.openTime}`,
    `when ${closeMs} <> ${openMs} + 59999
     then 'expected a close time 59,999 ms after the open time, got ' || ${COLUMN.openTime} || ' to ' || ${COLUMN.closeTime}`,
    `when ${openMs} not between ${firstMs} and ${lastMs}
     then 'expected an open time from ${new Date(firstMs).toISOString()} to ${new Date(lastMs).toISOString()}, got ' || ${COLUMN.openTime}`,
  ];
  return `
    select line_number as LINE_NUMBER, problem as PROBLEM, array_to_string(columns, ',') as LINE
    from (select line_number, columns, case ${cases.join('\n')} end as problem from lines)
    where problem is not null
    order by line_number
    limit 1`;
}

/** The lines that passed the checks, as rows of RAW.CANDLES_ARCHIVE but for where they come from. */
export function typedColumnsSql(unit: ArchiveTimeUnit): string {
  const instant = (column: string) => `make_timestamp(${toMs(column, unit)} * 1000)`;
  return `
    ${instant(COLUMN.openTime)} as OPEN_TIME,
    ${instant(COLUMN.closeTime)} as CLOSE_TIME,
    ${asDecimal('open')} as OPEN_PRICE,
    ${asDecimal('high')} as HIGH_PRICE,
    ${asDecimal('low')} as LOW_PRICE,
    ${asDecimal('close')} as CLOSE_PRICE,
    ${asDecimal('base')} as BASE_VOLUME,
    ${asDecimal('quote')} as QUOTE_VOLUME,
    ${asDecimal('takerBase')} as TAKER_BUY_BASE_VOLUME,
    ${asDecimal('takerQuote')} as TAKER_BUY_QUOTE_VOLUME,
    cast(cast(${COLUMN.trades} as bigint) as decimal(38, 0)) as TRADES`;
}

export function openMsSql(unit: ArchiveTimeUnit): string {
  return toMs(COLUMN.openTime, unit);
}

/** Exact both ways; DuckDB reads the narrow type a hundred times as fast as the wide one, and nearly all numbers fit it. */
function asDecimal(name: keyof typeof COLUMN): string {
  const column = COLUMN[name];
  return `case when regexp_full_match(${column}, '\\d{1,10}(\\.\\d{1,8})?')
      then cast(cast(${column} as decimal(18, 8)) as decimal(38, 18))
      else cast(${column} as decimal(38, 18)) end`;
}

/** A close time in microseconds ends in 999999; its millisecond is the whole part. */
function toMs(column: string, unit: ArchiveTimeUnit): string {
  return unit === 'milliseconds' ? `cast(${column} as bigint)` : `(cast(${column} as bigint) // 1000)`;
}
