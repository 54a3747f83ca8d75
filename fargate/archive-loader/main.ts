import { Command, CommanderError } from 'commander';
import { MINUTE_MS } from '#domain/candle.ts';
import { EnvironmentError } from '#domain/environment.ts';
import { StatementError } from '#snowflake/connection.ts';
import { parseEnvironment } from './env.ts';
import type { LoaderConfig } from './env.ts';
import { healGaps } from './heal.ts';
import { landSymbols } from './land-symbols.ts';
import { loadHistory } from './load.ts';
import { readCount, readFrom, readSymbols, readTo } from './options.ts';
import { PlainError } from './outcome.ts';
import { DAY_MS } from './piece.ts';
import { showProgress } from './progress.ts';
import { loadedFiles, ourGaps, streamedSymbols } from './queries.ts';
import { EVERY_NIGHT_DAYS, TURN_DAYS } from './recheck-choice.ts';
import { recheckFiles } from './recheck.ts';
import { exchangeNow, runCommand } from './run.ts';
import type { Command as Work } from './run.ts';
import { exitCodeOf, summaryLine, summaryTable } from './summary.ts';

const EXIT = { wrong: 1, usage: 2 } as const;
const DEFAULT_DAYS = 7;
const MOST_MINUTES = 100_000;
const AT_ONCE = 4;

const program = new Command('archive-loader')
  .description(
    "Loads candles from the exchange's archive, and from REST what is not archived yet, into the warehouse.",
  )
  .addHelpText('after', helpText())
  .exitOverride()
  .allowExcessArguments(false);

program
  .command('load', { isDefault: true })
  .description('loads a range; what is loaded already is left alone')
  .option(
    '--symbols <list>',
    'names, comma-separated, or `streamed`: those that the stream landed',
    readSymbols,
    'streamed',
  )
  .option('--from <date>', `first day, or minute in UTC (default: ${DEFAULT_DAYS} days ago)`, readFrom)
  .option('--to <date>', 'last day, or minute in UTC, inclusive (default: now)', readTo)
  .option('--at-once <count>', 'files fetched at the same time', readCount(1, 16), AT_ONCE)
  .action(async (options: LoadOptions, command: Command) => {
    const {
      symbols,
      from = Math.floor(Date.now() / DAY_MS - DEFAULT_DAYS) * DAY_MS,
      to = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS,
    } = options;
    if (from > to) {
      command.error(`error: expected --from before --to, got ${iso(from)} and ${iso(to)}`);
    }
    if (from > Date.now()) {
      command.error(`error: expected --from in the past, got ${iso(from)}: no candle is closed there yet`);
    }
    await run('load', async (context, warehouse, progress) => {
      const names = symbols === 'streamed' ? await streamedSymbols(warehouse) : symbols;
      if (names.length === 0) progress.say('no symbol was streamed yet: name some with --symbols');
      await loadHistory(context, progress, {
        symbols: names,
        span: { firstMs: from, lastMs: to },
        atOnce: options.atOnce,
        exchangeNowMs: await exchangeNow(context),
      });
    });
  });

program
  .command('heal')
  .description('fills the gaps that MARTS.FCT_CANDLE_GAPS classes as ours')
  .option('--max-minutes <count>', 'most minutes to fill in one run', readCount(1, 100_000_000), MOST_MINUTES)
  .option('--at-once <count>', 'days filled at the same time', readCount(1, 16), AT_ONCE)
  .action(({ maxMinutes, atOnce }: { readonly maxMinutes: number; readonly atOnce: number }) =>
    run('heal', async (context, warehouse, progress) => {
      const gaps = await ourGaps(warehouse);
      const exchangeNowMs = await exchangeNow(context);
      return healGaps(context, progress, { gaps, mostMinutes: maxMinutes, atOnce, exchangeNowMs });
    }),
  );

program
  .command('recheck')
  .description(
    'compares the CHECKSUMs of loaded files with the archive, and loads those that were rewritten: of files of the ' +
      `newest ${EVERY_NIGHT_DAYS} days each time, of older ones on one day in ${TURN_DAYS}`,
  )
  .option('--all', 'every file that was ever loaded', false)
  .option('--at-once <count>', 'files checked at the same time', readCount(1, 16), AT_ONCE)
  .action(({ all, atOnce }: { readonly all: boolean; readonly atOnce: number }) =>
    run('recheck', async (context, warehouse, progress) =>
      recheckFiles(context, progress, {
        files: await loadedFiles(warehouse),
        which: all ? 'all' : 'due',
        atOnce,
        exchangeNowMs: await exchangeNow(context),
      }),
    ),
  );

program
  .command('symbols')
  .description('lands the list of symbols that the exchange has now, with their states')
  .action(() => run('symbols', (context) => landSymbols(context)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else fail(error);
}

interface LoadOptions {
  readonly symbols: 'streamed' | readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly atOnce: number;
}

/** Runs one command to its end or to a signal; the table is for people, the last line of stdout for programs. */
async function run(name: string, work: Work): Promise<void> {
  const startedMs = performance.now();
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const config: LoaderConfig = parseEnvironment(process.env);
  const summary = await (async () => {
    using progress = showProgress(process.stderr);
    // awaited here: the bar goes only once the work is done
    return await runCommand(work, config, progress, stop.signal);
  })();
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const whole = { command: name, ...summary, seconds };
  for (const line of summaryTable(whole)) console.log(line);
  console.log(summaryLine(whole));
  process.exitCode = exitCodeOf(whole);
}

/** What a person has to mend is said plainly; anything else is a bug and keeps its stack. */
function fail(error: unknown): void {
  const isPlain =
    error instanceof EnvironmentError || error instanceof PlainError || error instanceof StatementError;
  console.error(isPlain ? error.message : error);
  process.exitCode = error instanceof EnvironmentError ? EXIT.usage : EXIT.wrong;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function helpText(): string {
  return `
Variables: ARCHIVE_URL (default https://data.binance.vision), BINANCE_REST_URLS, SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER,
SNOWFLAKE_PRIVATE_KEY or SNOWFLAKE_PRIVATE_KEY_SECRET_ARN, SNOWFLAKE_ROLE and the others of the warehouse's clients.
Exit code: 0 all well, 1 something was refused or failed, 2 wrong usage. The last line of stdout is the summary as JSON.`;
}
