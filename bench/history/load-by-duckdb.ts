import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance, version } from '@duckdb/node-api';
import { variable } from '#bench/run/contestant.ts';
import { inParallel } from '#fargate/archive-loader/in-parallel.ts';
import { monthlyPiece, pathOf } from '#fargate/archive-loader/piece.ts';
import type { ArchivePiece } from '#fargate/archive-loader/piece.ts';
import { unzipCsv } from '#fargate/archive-loader/unzip-csv.ts';

/** Unzips the files where they lie and reads each into a table with the landing's types. Nothing else is done. */
const { values } = parseArgs({
  options: { symbols: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
});
const { symbols = '', from = '', to = '' } = values;

const DECIMALS = [
  'OPEN_PRICE',
  'HIGH_PRICE',
  'LOW_PRICE',
  'CLOSE_PRICE',
  'BASE_VOLUME',
  'QUOTE_VOLUME',
  'TAKER_BUY_BASE_VOLUME',
  'TAKER_BUY_QUOTE_VOLUME',
] as const;

/** A narrow decimal is read many times as fast as the wide one, which it then becomes exactly. */
const CSV_COLUMNS = {
  open_time: 'bigint',
  open: 'decimal(18, 8)',
  high: 'decimal(18, 8)',
  low: 'decimal(18, 8)',
  close: 'decimal(18, 8)',
  base: 'decimal(18, 8)',
  close_time: 'bigint',
  quote: 'decimal(18, 8)',
  trades: 'bigint',
  taker_base: 'decimal(18, 8)',
  taker_quote: 'decimal(18, 8)',
  ignored: 'varchar',
} as const;

const FILES_A_STATEMENT = 5;

const instance = await DuckDBInstance.create(variable('BENCH_DATABASE'));
const setUp = await instance.connect();
await setUp.run(`
  create table CANDLES_ARCHIVE (
    EXCHANGE varchar, SYMBOL varchar, CANDLE_INTERVAL varchar, OPEN_TIME timestamp, CLOSE_TIME timestamp,
    ${DECIMALS.map((name) => `${name} decimal(38, 18)`).join(', ')}, TRADES bigint, SOURCE varchar, SOURCE_FILE varchar)`);
setUp.closeSync();
// A batch is unzipped while the one before is read, in statements that are large enough for DuckDB's own best.
await inParallel(batches(symbols.split(',').flatMap((symbol) => monthsOf(symbol))), 2, load);
instance.closeSync();
console.log(JSON.stringify({ version: `DuckDB ${version()}` }));

function monthsOf(symbol: string): readonly ArchivePiece[] {
  const months: ArchivePiece[] = [];
  for (let atMs = Date.parse(from); atMs <= Date.parse(to);) {
    const month = monthlyPiece(symbol, atMs);
    months.push(month);
    atMs = month.lastMs + 60_000;
  }
  return months;
}

function batches(pieces: readonly ArchivePiece[]): readonly (readonly ArchivePiece[])[] {
  const count = Math.ceil(pieces.length / FILES_A_STATEMENT);
  return Array.from({ length: count }, (_, index) =>
    pieces.slice(index * FILES_A_STATEMENT, (index + 1) * FILES_A_STATEMENT),
  );
}

async function load(pieces: readonly ArchivePiece[]): Promise<void> {
  const csvs: string[] = [];
  for (const piece of pieces) {
    const name = piece.fileName.replace(/\.zip$/, '.csv');
    const csv = join(tmpdir(), name);
    const unzipped = await unzipCsv(join(variable('BENCH_FILES'), pathOf(piece)), name, csv);
    if (unzipped.kind !== 'ok') throw new Error(unzipped.reason);
    csvs.push(csv);
  }
  const connection = await instance.connect();
  const columns = Object.entries(CSV_COLUMNS).map(([column, type]) => `'${column}': '${type}'`);
  await connection.run(`
    insert into CANDLES_ARCHIVE
    select 'binance', split_part(parse_filename(filename), '-', 1), '1m', make_timestamp(open_time), make_timestamp(close_time),
      open, high, low, close, base, quote, taker_base, taker_quote, trades, 'archive', parse_filename(filename)
    from read_csv([${csvs.map((csv) => `'${csv}'`).join(', ')}], filename = true, header = false, auto_detect = false,
      columns = {${columns.join(', ')}})`);
  connection.closeSync();
  await Promise.all(csvs.map((csv) => rm(csv)));
}
