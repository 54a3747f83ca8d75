import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ROOT } from '#local/setup/folders.ts';
import { setUp } from '#local/setup/set-up.ts';
import { RUN_NEEDS, TEST_STEPS } from '#local/setup/steps.ts';
import { jsonReport, markdownReport, problemsOf } from './report.ts';
import { soak } from './soak.ts';

const program = new Command('npm run soak --')
  .description(
    'Runs the live half for a while with faults at random, and holds Kafka and the metrics store against the ledger of the exchange. Ends with 1 if a candle was lost.',
  )
  .option('--minutes <n>', "of the machine's time, in which faults begin", number, 30)
  .option('--symbols <n>', 'how many', whole, 50)
  .option('--speed <n>', "times as fast as the machine's clock", number, 20)
  .option('--seed <n>', 'the same seed gives the same faults', whole, Date.now() % 2 ** 31)
  .option('--lose', 'have Kafka lose records in the end, to see that it is found')
  .option('--out <folder>', 'where to put report.md and report.json', (path) => resolve(path))
  .allowExcessArguments(false)
  .parse();

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    console.error('stopping what was started…');
    stopping.abort();
  });

try {
  process.exitCode = await run(program.opts());
} catch (error) {
  const isStopped = stopping.signal.aborted;
  if (!isStopped) console.error(error);
  process.exitCode = isStopped ? 130 : 1;
}
// What is left of hours of broken connections is not waited for: Node's own clearing up has been seen to spin for ever.
process.exit();

interface Given {
  readonly minutes: number;
  readonly symbols: number;
  readonly speed: number;
  readonly seed: number;
  readonly lose?: boolean;
  readonly out?: string;
}

async function run({ out, ...settings }: Given): Promise<number> {
  await setUp(TEST_STEPS, { needs: RUN_NEEDS });
  console.log(`seed ${settings.seed}`);
  const result = await soak({ ...settings, signal: stopping.signal, say: (line) => console.log(line) });
  const folder = out ?? join(ROOT, '.local', 'soak', String(settings.seed));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.json'), jsonReport(settings, result));
  const report = markdownReport(settings, result);
  await writeFile(join(folder, 'report.md'), report);
  console.log(`\n${report}\n${join(folder, 'report.md')}`);
  return problemsOf(result).length === 0 ? 0 : 1;
}

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('expected a number above 0');
  return value;
}

function whole(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('expected a whole number');
  return value;
}
