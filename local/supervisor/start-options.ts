import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LOCAL_FOLDER } from '#local/setup/folders.ts';
import { MAX_PORT_BASE } from './run-options.ts';
import { symbolChoice, USUAL_SYMBOLS } from './symbol-choice.ts';
import type { SymbolChoice } from './symbol-choice.ts';

export interface StartOptions {
  readonly symbols: SymbolChoice;
  /** Undefined: live if the exchange can be reached, else replay. */
  readonly source: 'live' | 'replay' | undefined;
  readonly speed: number;
  readonly portBase: number;
  readonly open: boolean;
  /** With the warehouse half. */
  readonly batch: boolean;
  readonly folder: string;
}

const MAX_SPEED = 1000;

/** Reads the command line; commander prints the help or the fault and ends the process. */
export function parseStartOptions(argv: readonly string[], program = new Command()): StartOptions {
  program
    .name('npm start --')
    .description('Runs the whole pipeline on this machine, from the exchange to a page in the browser.')
    .helpOption('--help', 'show this')
    .option(
      '--symbols <which>',
      'a number, a list like BTCUSDT,ETHUSDT, top:N or all:USDT (default: 20)',
      reading(symbolChoice),
    )
    .addOption(
      new Option('--live', 'read Binance itself, or fail (default: if it answers within 3 s)').conflicts([
        'replay',
        'speed',
      ]),
    )
    .option('--replay', 'read recorded candles from a replay exchange')
    .option(
      '--speed <n>',
      `replay the last 55 minutes n times as fast, 1 to ${MAX_SPEED}; means --replay`,
      reading(speedOf),
    )
    .option('--port-base <n>', 'first of the ports, all on 127.0.0.1', reading(portBaseOf), 18_800)
    .option('--data <folder>', 'where data, logs and state are kept', (path) => resolve(path), LOCAL_FOLDER)
    .option('--no-open', 'keep the browser shut')
    .option(
      '--no-batch',
      'leave out the warehouse half: Kafka Connect, the warehouse, Airflow with dbt, which together take 1.5 GB and up to a minute after the page',
    )
    .addHelpText(
      'after',
      '\nBINANCE_WS_URLS and BINANCE_REST_URLS say where Binance is, for --live. `npm run status` shows a run.',
    )
    .allowExcessArguments(false)
    .parse(argv, { from: 'user' });
  const given = program.opts<Given>();
  const isReplay = given.replay === true || given.speed !== undefined;
  return {
    symbols: given.symbols ?? USUAL_SYMBOLS,
    source: given.live === true ? 'live' : isReplay ? 'replay' : undefined,
    speed: given.speed ?? 1,
    portBase: given.portBase,
    open: given.open,
    batch: given.batch,
    folder: given.data,
  };
}

interface Given {
  readonly symbols?: SymbolChoice;
  readonly live?: boolean;
  readonly replay?: boolean;
  readonly speed?: number;
  readonly portBase: number;
  readonly open: boolean;
  readonly batch: boolean;
  readonly data: string;
}

function speedOf(text: string): number {
  return wholeNumber(text, 1, MAX_SPEED);
}

function portBaseOf(text: string): number {
  return wholeNumber(text, 1024, MAX_PORT_BASE);
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`expected a whole number from ${least} to ${most}, got "${text}"`);
}

/** commander adds which option it was, when told by its own error. */
function reading<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
