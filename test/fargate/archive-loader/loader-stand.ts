import { DuckDBInstance } from '@duckdb/node-api';
import { createArchiveClient } from '#fargate/archive-loader/archive-client.ts';
import { createExchangeRest } from '#fargate/archive-loader/exchange-rest.ts';
import { healGaps } from '#fargate/archive-loader/heal.ts';
import type { Landing } from '#fargate/archive-loader/landing.ts';
import { landSymbols } from '#fargate/archive-loader/land-symbols.ts';
import { openListings } from '#fargate/archive-loader/listings.ts';
import { loadHistory } from '#fargate/archive-loader/load.ts';
import type { LoadContext } from '#fargate/archive-loader/load-context.ts';
import { Manifest } from '#fargate/archive-loader/manifest.ts';
import type { LoadedFile } from '#fargate/archive-loader/manifest.ts';
import { openParquetWriter } from '#fargate/archive-loader/parquet-writer.ts';
import type { Progress } from '#fargate/archive-loader/progress.ts';
import type { Gap } from '#fargate/archive-loader/queries.ts';
import { recheckFiles } from '#fargate/archive-loader/recheck.ts';
import { Report } from '#fargate/archive-loader/report.ts';
import type { Summary } from '#fargate/archive-loader/report.ts';
import { createRestGet } from '#fargate/archive-loader/rest-get.ts';
import { openScratch } from '#fargate/archive-loader/scratch.ts';
import type { Exchange } from '#local/exchange/start.ts';

/** One row as the Parquet file had it; numbers and times as text. */
export type LandedRow = Readonly<Record<string, string>>;

/** A warehouse's landing in memory: what the loader wrote, in the order it did. */
export interface Landed {
  readonly tables: { readonly CANDLES_ARCHIVE: LandedRow[]; readonly EXCHANGE_SYMBOLS: LandedRow[] };
  readonly files: (LoadedFile & { readonly rows: number })[];
  readonly absent: { readonly symbol: string; readonly openTime: string; readonly asked: string }[];
  /** Calls until the next one dies; Infinity lives for ever. */
  callsToLive: number;
}

export function emptyLanding(): Landed {
  return {
    tables: { CANDLES_ARCHIVE: [], EXCHANGE_SYMBOLS: [] },
    files: [],
    absent: [],
    callsToLive: Infinity,
  };
}

export interface Run {
  readonly summary: Summary;
  readonly lines: readonly string[];
}

/** The loader's own code on a replay exchange, with a landing in memory. */
export function loaderOn(
  exchange: Exchange,
  landed: Landed,
  urls: { readonly archive?: string; readonly rest?: string } = {},
) {
  const run = async (work: (context: LoadContext, progress: Progress) => Promise<unknown>): Promise<Run> => {
    await using scratch = await openScratch();
    using writer = await openParquetWriter(scratch.folder);
    const lines: string[] = [];
    const progress = recordedProgress(lines);
    const report = new Report(progress);
    const rest = createExchangeRest(createRestGet([urls.rest ?? exchange.url], noSleep));
    const context: LoadContext = {
      archive: createArchiveClient(urls.archive ?? exchange.url, noSleep),
      rest,
      listings: openListings(rest),
      writer,
      landing: landingIn(landed),
      manifest: new Manifest(landed.files),
      report,
      scratch,
      signal: new AbortController().signal,
      now: () => exchange.clock.now(),
    };
    await work(context, progress);
    return { summary: report.summary, lines };
  };
  const exchangeNowMs = () => exchange.clock.now();
  return {
    load: (symbols: readonly string[], from: string, to: string) =>
      run((context, progress) =>
        loadHistory(context, progress, {
          symbols,
          span: { firstMs: Date.parse(from), lastMs: Date.parse(to) },
          atOnce: 2,
          exchangeNowMs: exchangeNowMs(),
        }),
      ),
    heal: (gaps: readonly Gap[], mostMinutes = 100_000) =>
      run((context, progress) =>
        healGaps(context, progress, { gaps, mostMinutes, atOnce: 2, exchangeNowMs: exchangeNowMs() }),
      ),
    recheck: (which: 'all' | 'due' = 'due', nowMs = exchangeNowMs()) =>
      run((context, progress) =>
        recheckFiles(context, progress, {
          files: [...landed.files],
          which,
          atOnce: 2,
          exchangeNowMs: nowMs,
        }),
      ),
    symbols: () => run((context) => landSymbols(context)),
  };
}

const noSleep = () => Promise.resolve();

function landingIn(landed: Landed): Landing {
  const live = () => {
    if (landed.callsToLive === 0) throw new Error('died here');
    landed.callsToLive -= 1;
  };
  return {
    async copy(table, parquetFile, rows) {
      live();
      const found = await readParquet(parquetFile);
      if (found.length !== rows) throw new Error(`expected ${rows} rows, got ${found.length}`);
      landed.tables[table].push(...found);
    },
    recordAbsent(symbol, spans, asked) {
      live();
      for (const { firstMs, lastMs } of spans) {
        for (let ms = firstMs; ms <= lastMs; ms += 60_000) {
          landed.absent.push({ symbol, openTime: new Date(ms).toISOString(), asked });
        }
      }
      return Promise.resolve();
    },
    recordFile(file, rows) {
      live();
      landed.files.push({ ...file, rows });
      return Promise.resolve();
    },
  };
}

async function readParquet(file: string): Promise<LandedRow[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(`select columns(*)::varchar from read_parquet('${file}')`);
  const rows = result.getRowObjects() as LandedRow[]; // every column is text by the query
  connection.closeSync();
  instance.closeSync();
  return rows;
}

function recordedProgress(lines: string[]): Progress {
  return {
    expect: () => undefined,
    advance: () => undefined,
    landed: () => undefined,
    skip: () => undefined,
    say: (line) => lines.push(line),
    [Symbol.dispose]: () => undefined,
  };
}

/** Identity and values of a landed candle, without where it came from. */
export function candleOf(row: LandedRow): string {
  return CANDLE_COLUMNS.map((name) => row[name]).join(' ');
}

const CANDLE_COLUMNS = [
  'SYMBOL',
  'OPEN_TIME',
  'CLOSE_TIME',
  'OPEN_PRICE',
  'HIGH_PRICE',
  'LOW_PRICE',
  'CLOSE_PRICE',
  'BASE_VOLUME',
  'QUOTE_VOLUME',
  'TAKER_BUY_BASE_VOLUME',
  'TAKER_BUY_QUOTE_VOLUME',
  'TRADES',
] as const;

/** The same of what the exchange says it closed, computed without the loader. */
export function candlesOf(exchange: Exchange, symbol: string, from: string, to: string): readonly string[] {
  const entries = [...exchange.ledger({ symbol, fromMs: Date.parse(from), toMs: Date.parse(to) })];
  return entries.map(({ row }) => {
    const [openMs, open, high, low, close, base, closeMs, quote, trades, takerBase, takerQuote] = row;
    const decimals = [open, high, low, close, base, quote, takerBase, takerQuote].map(eighteenDecimals);
    return [symbol, stamp(openMs), stamp(closeMs), ...decimals, trades].join(' ');
  });
}

function eighteenDecimals(value: string): string {
  const [whole = '', fraction = ''] = value.split('.');
  return `${whole}.${fraction.padEnd(18, '0')}`;
}

/** As DuckDB writes a timestamp. */
export function stamp(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
}
