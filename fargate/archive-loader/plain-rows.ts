import type { ArchiveFormat, ArchiveTimeUnit } from '#domain/archive-row.ts';
import type { Span } from './piece.ts';

/**
 * The short way through the rules of `row-checks.ts`, for a file whose lines are all of the usual form: short plain
 * numbers, which DuckDB then reads into types of 64 bits. It tells no reasons: a file that it does not pass is for the
 * rules themselves. A property test holds the two against each other.
 */

const PLAIN_DECIMALS = [
  'open',
  'high',
  'low',
  'close',
  'base',
  'quote',
  'taker_base',
  'taker_quote',
] as const;

/** In the archive's order. */
const COLUMNS = [
  'open_time',
  'open',
  'high',
  'low',
  'close',
  'base',
  'close_time',
  'quote',
  'trades',
  'taker_base',
  'taker_quote',
  'ignored',
] as const;

type Column = (typeof COLUMNS)[number];

/** How many lines there are, and how many of them are of the usual form: columns ALL_LINES, PLAIN_LINES. */
export function countPlainLinesSql(csv: string, { hasHeader, unit }: ArchiveFormat): string {
  const line = COLUMNS.map((name) => pattern(name, unit)).join(',');
  return `
    select count(*) as ALL_LINES, count(*) filter (where regexp_full_match(line, '${line}')) as PLAIN_LINES
    from read_csv(${csv}, columns = {'line': 'VARCHAR'}, delim = '\x01', ${AS_IT_IS}, header = ${hasHeader})`;
}

/** Makes the table `plain(open_ms, …)` of lines that are all of the usual form. */
export function readPlainRowsSql(csv: string, { hasHeader, unit }: ArchiveFormat): string {
  const types = COLUMNS.map((name) => `'${name}': '${isDecimal(name) ? 'DECIMAL(18, 8)' : 'BIGINT'}'`);
  const toMs = (name: Column) => (unit === 'milliseconds' ? name : `${name} // 1000`);
  return `
    create temp table plain as
    select ${toMs('open_time')} as open_ms, ${toMs('close_time')} as close_ms, ${PLAIN_DECIMALS.join(', ')}, trades
    from read_csv(${csv}, columns = {${types.join(', ')}}, delim = ',', ${AS_IT_IS}, header = ${hasHeader})`;
}

/** How many rows there are, and how many break a rule: columns ALL_ROWS, BROKEN_ROWS. */
export function countBrokenRowsSql({ firstMs, lastMs }: Span): string {
  return `
    select count(*) as ALL_ROWS, count(*) filter (where
      low > open or low > close or open > high or close > high or taker_base > base or taker_quote > quote
      or open_ms % 60000 <> 0 or close_ms <> open_ms + 59999 or open_ms not between ${firstMs} and ${lastMs}) as BROKEN_ROWS
    from plain`;
}

/** As `typedColumnsSql`. */
export function plainColumnsSql(): string {
  return `
    make_timestamp(open_ms * 1000) as OPEN_TIME,
    make_timestamp(close_ms * 1000) as CLOSE_TIME,
    ${wide('open', 'OPEN_PRICE')},
    ${wide('high', 'HIGH_PRICE')},
    ${wide('low', 'LOW_PRICE')},
    ${wide('close', 'CLOSE_PRICE')},
    ${wide('base', 'BASE_VOLUME')},
    ${wide('quote', 'QUOTE_VOLUME')},
    ${wide('taker_base', 'TAKER_BUY_BASE_VOLUME')},
    ${wide('taker_quote', 'TAKER_BUY_QUOTE_VOLUME')},
    cast(trades as decimal(38, 0)) as TRADES`;
}

function wide(name: (typeof PLAIN_DECIMALS)[number], as: string): string {
  return `cast(${name} as decimal(38, 18)) as ${as}`;
}

const AS_IT_IS = `quote = '', escape = '', auto_detect = false, null_padding = false`;

function pattern(name: Column, unit: ArchiveTimeUnit): string {
  // exactly what DECIMAL(18, 8) holds, and BIGINT
  if (isDecimal(name)) return '\\d{1,10}(\\.\\d{1,8})?';
  if (name === 'trades' || name === 'ignored') return '\\d{1,15}';
  return unit === 'milliseconds' ? '\\d{13}' : '\\d{16}';
}

function isDecimal(name: Column): name is (typeof PLAIN_DECIMALS)[number] {
  return PLAIN_DECIMALS.some((decimal) => decimal === name);
}
