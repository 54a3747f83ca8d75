import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { ROOT } from '#local/setup/folders.ts';
import type { Bench } from '#bench/run/definition.ts';
import { sectionOf } from '#bench/run/markdown.ts';
import { runBench } from '#bench/run/run-bench.ts';
import { RefusedRun } from '#bench/run/run-once.ts';
import { writeResult } from '#bench/run/write-results.ts';

interface BenchOptions {
  readonly runs: number;
  readonly quick?: true;
  readonly list?: true;
  readonly only?: string;
  readonly out: string;
}

const folders = new Map(
  globSync('*/bench.ts', { cwd: import.meta.dirname })
    .map((file) => join(import.meta.dirname, dirname(file)))
    .toSorted()
    .map((folder) => [basename(folder), folder] as const),
);

const program = new Command('npm run bench --')
  .description(
    'Measures the pipeline beside what people would use in its place, on the same work, in one session.',
  )
  .argument('[names...]', `of ${[...folders.keys()].join(', ')}; all of them by default`)
  .option('--runs <number>', 'of each contestant in each case; the median counts', runs, 5)
  .option('--list', 'say what there is, and run nothing')
  .option('--quick', 'tiny work, to see that everything runs; prints the table and writes it to .bench/')
  .option('--only <contestants>', 'of these contestants, with commas between')
  .option('--out <folder>', 'where benchmarks.md and benchmarks/ are written', join(ROOT, 'docs'))
  .addHelpText(
    'after',
    '\n  npm run bench -- decode --runs 7\n\nPeers are installed into .bench/ when they are needed first.',
  )
  .parse();

const { runs: count, quick = false, list, only, out } = program.opts<BenchOptions>();
const names = program.args.length > 0 ? program.args : [...folders.keys()];
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
process.exitCode = await runAll();

async function runAll(): Promise<number> {
  const unknown = names.filter((name) => !folders.has(name));
  if (unknown.length > 0) {
    console.error(`expected one of ${[...folders.keys()].join(', ')}, got ${unknown.join(', ')}`);
    return 2;
  }
  let failed = 0;
  for (const name of names) {
    const folder = folders.get(name) ?? '';
    const bench = await load(folder);
    if (list)
      console.log(`${name}: ${bench.what}\n  beside ${bench.contestants.map((one) => one.name).join(', ')}`);
    else if (!(await runOne(bench, folder))) failed += 1;
  }
  return failed === 0 ? 0 : 1;
}

async function load(folder: string): Promise<Bench> {
  const module: unknown = await import(pathToFileURL(join(folder, 'bench.ts')).href);
  // every bench.ts ends in `satisfies Bench`
  return (module as { readonly bench: Bench }).bench;
}

/** One that can't be measured does not keep the others from it. */
async function runOne(bench: Bench, folder: string): Promise<boolean> {
  const contestants = only?.split(',');
  try {
    const result = await runBench(bench, {
      folder,
      runs: count,
      quick,
      contestants,
      say: (line) => console.error(line),
    });
    console.log(sectionOf(result));
    // Part of the contestants, or tiny work, is for trying out: it never overwrites what was measured.
    const isWhole = !quick && contestants === undefined;
    await writeResult(isWhole ? out : join(ROOT, '.bench', 'results'), result);
    return true;
  } catch (error) {
    console.error(error instanceof RefusedRun ? error.message : error);
    return false;
  }
}

function runs(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError(`expected a whole number from 1, got ${text}`);
  return value;
}
