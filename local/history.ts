import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { LOCAL_FOLDER, ROOT } from './setup/folders.ts';
import { warehouseEnvironment } from './snowflake/environment.ts';
import { findWarehouse } from './snowflake/find-warehouse.ts';
import { readState, stateFileIn } from './supervisor/state-file.ts';

interface Given {
  readonly data: string;
  readonly symbols?: string;
  readonly from?: string;
  readonly to?: string;
  readonly atOnce?: string;
}

const program = new Command('npm run history --')
  .description(
    "Loads history into the running pipeline's warehouse: the exchange's archive, and by REST what is not archived yet.",
  )
  .option('--symbols <list>', 'names, comma-separated (default: those that the stream landed)')
  .option('--from <date>', 'first day, or minute in UTC (default: 7 days ago)')
  .option('--to <date>', 'last day, or minute in UTC, inclusive (default: now)')
  .option('--at-once <count>', 'files fetched at the same time (default: 4)')
  .option('--data <folder>', "the run's --data", (path) => resolve(path), LOCAL_FOLDER)
  .addHelpText('after', '\n  npm run history -- --symbols BTCUSDT,ETHUSDT --from 2025-01-01 --to 2025-01-31')
  .allowExcessArguments(false)
  .parse();

try {
  process.exitCode = await loadHistory(program.opts<Given>());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Runs the loader as it runs in AWS, with the addresses of the running pipeline. */
async function loadHistory({ data, symbols, from, to, atOnce }: Given): Promise<number> {
  const options = findWarehouse(data);
  const given = { '--symbols': symbols, '--from': from, '--to': to, '--at-once': atOnce };
  const args = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  const loader = join(ROOT, 'fargate', 'archive-loader', 'main.ts');
  const child = spawn(process.execPath, [loader, 'load', ...args], {
    env: { ...process.env, ...exchangeEnvironment(data), ...warehouseEnvironment(options, 'loader') },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]; // the event's own shape
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** A replay's history comes from its own exchange; a live run asks Binance. */
function exchangeEnvironment(folder: string): Record<string, string> {
  const state = readState(stateFileIn(folder));
  const exchange = state?.source === 'replay' ? state.parts['exchange']?.url : undefined;
  return exchange === undefined ? {} : { ARCHIVE_URL: exchange, BINANCE_REST_URLS: exchange };
}
