import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { takeScreenshots } from './page/screenshots.ts';
import { ROOT } from './setup/folders.ts';

interface Given {
  readonly url?: string;
  readonly out: string;
  readonly symbol: string;
  readonly from: string;
  readonly wait: number;
  readonly portBase: number;
}

const program = new Command('npm run screenshots --')
  .description(
    'Takes a picture of each dashboard on the local page, dark and light, once it has data: of a pipeline that it starts over recorded candles and stops again, or of one that runs already.',
  )
  .option('--url <page>', 'the page of a running pipeline, as in http://127.0.0.1:18800')
  .option(
    '--out <folder>',
    'where to put the PNG files',
    (path) => resolve(path),
    join(ROOT, 'docs', 'screenshots'),
  )
  .option('--symbol <name>', 'what dashboards of one symbol show', 'BTCUSDT')
  .option('--from <time>', "the time range's start", 'now-1h')
  .option('--wait <minutes>', 'how long to wait for data at most', number, 5)
  .option('--port-base <n>', 'first of the ports of the pipeline that it starts', number, 18_700)
  .allowExcessArguments(false)
  .parse();

try {
  await run(program.opts<Given>());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run({ url, portBase, ...given }: Given): Promise<void> {
  await using pipeline = url === undefined ? await startPipeline(portBase) : undefined;
  const page = url ?? `http://127.0.0.1:${portBase}`;
  const waitMs = given.wait * 60_000;
  for await (const { file, bytes } of takeScreenshots({ ...given, page, waitMs, isOver: pipeline?.isOver })) {
    console.log(`${relative(process.cwd(), file)} ${Math.ceil(bytes / 1000)} kB`);
  }
}

/** With the warehouse half left out: its numbers would take many minutes to come. */
async function startPipeline(portBase: number) {
  const folder = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const args = ['--replay', '--no-open', '--no-batch', '--port-base', String(portBase), '--data', folder];
  const child = spawn(process.execPath, [join(ROOT, 'local', 'main.ts'), ...args], { stdio: 'inherit' });
  const ended = new Promise<void>((resolveEnded) => child.once('exit', () => resolveEnded()));
  return {
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0');
  return value;
}
