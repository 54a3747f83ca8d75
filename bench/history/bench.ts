import { join } from 'node:path';
import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { manualClock } from '#local/exchange/clock.ts';
import { firstSymbols } from '#local/exchange/listings.ts';
import { startExchange } from '#local/exchange/start.ts';
import { pythonStep } from '#local/setup/python.ts';
import { writeArchive, YEAR } from './archive-files.ts';
import { serveArchive } from './archive-server.ts';
import { keepWarehouses } from './warehouse-keeper.ts';

const MONTH = caseOf('a month of 10 symbols', { symbols: 10, months: 1 });
const WHOLE_YEAR = caseOf('a year of 10 symbols', { symbols: 10, months: 12 });

export const bench = {
  name: 'history',
  what:
    'One-minute candles of 10 symbols from monthly archive files on loopback into the landing table of the Snowflake emulator, ' +
    'empty before each run: a month (446,400 rows), and a year (5,256,000 rows in 120 files). What landed is read back: rows, ' +
    'distinct candles, trades, and the exact sums of volumes and closing prices.',
  unit: 'rows',
  cases: [MONTH, WHOLE_YEAR],
  quickCases: [caseOf('a month of 1 symbol', { symbols: 1, months: 1 })],
  needs: [pythonStep('warehouse')],
  peers: { python: 'requirements.txt' },
  figures: [
    { key: 'perSecond', title: 'rows per second' },
    { key: 'wallSeconds', title: 'seconds' },
    { key: 'cpuSeconds', title: 'CPU-seconds' },
    { key: 'warehouseCpuSeconds', title: "the emulator's CPU-seconds" },
    { key: 'peakMiB', title: 'peak memory, MiB' },
    { key: 'inexact', title: 'rows with other decimals than the file', digits: 0 },
  ],
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'], pinned: false },
    {
      name: 'pandas + snowflake-connector',
      command: ['node', 'pandas.ts'],
      peer: 'python',
      pinned: false,
      // its prices are floats, and their sums not the file's
      counts: ['rows', 'candles', 'trades'],
    },
    { name: 'DuckDB alone', command: ['node', 'duckdb-alone.ts'], limit: true, pinned: false },
  ],
  goals: [
    { better: 'ours', than: 'DuckDB alone', times: 0.25, figure: 'perSecond' },
    { kind: 'growth', of: 'ours', figure: 'peakMiB', from: MONTH.name, to: WHOLE_YEAR.name, times: 1.3 },
  ],
  notes: [
    'From the start of a program to its end, its imports included, on all CPUs: the emulator has its own process, whose work on rows counts in ' +
      'seconds but not in CPU-seconds. Most of that is DuckDB writing what was committed to disk, which *DuckDB alone* does as well.',
    'Ours also fetches and compares CHECKSUMs, checks every row, looks for holes and writes a manifest. The script checks nothing, one file after the other; ' +
      'its numbers are floats, so that rows come in with other decimals than the file has: sums of prices and volumes are not asked of it.',
    '*DuckDB alone* unzips the files where they lie and inserts them, five in a statement, into a table of the same types in a file: ' +
      'no download, no checks, no Parquet, no protocol.',
  ],
  setUp: async ({ work }, { folder, python }) => {
    await using started = new AsyncDisposableStack();
    const { symbols = 0, months = 0 } = work;
    const files = join(folder, 'archive');
    const expected = await writeArchive(files, firstSymbols(symbols), months);
    const archive = started.use(await serveArchive(files));
    // a month after the last file, so that none is still to come
    const exchange = started.use(
      await startExchange({ symbols, wall: manualClock(Date.UTC(YEAR + 1, 1)), updates: false }),
    );
    const keeper = started.use(await keepWarehouses(folder));
    const running = started.move();
    return {
      env: {
        ARCHIVE_URL: archive.url,
        BINANCE_REST_URLS: exchange.url,
        BENCH_FILES: files,
        BENCH_FOLDER: folder,
        BENCH_KEEPER: keeper.url,
        ...(python !== undefined && { BENCH_PYTHON: python }),
      },
      expected,
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  },
} as const satisfies Bench;

function caseOf(name: string, work: { readonly symbols: number; readonly months: number }): BenchCase {
  const minutes = (Date.UTC(YEAR, work.months) - Date.UTC(YEAR, 0)) / 60_000;
  return { name, work, amount: work.symbols * minutes };
}
