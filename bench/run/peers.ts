import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '#local/setup/folders.ts';
import { installFolder } from '#local/setup/install-folder.ts';
import { environmentStep } from '#local/setup/python.ts';
import { runCommand } from '#local/setup/run-command.ts';
import type { Bench, Contestant, Peers } from './definition.ts';

/** Everything that benches install and keep, git-ignored. */
const BENCH_FOLDER = join(ROOT, '.bench');

export interface InstalledPeers {
  /** Folder with node_modules. */
  readonly npm: string | undefined;
  /** The interpreter of a virtual environment. */
  readonly python: string | undefined;
}

/** Other people's software, exactly as the bench's lock files say, each package checked by its hash. */
export async function installPeers(
  { name, peers = {} }: Bench,
  contestants: readonly Contestant[],
  folder: string,
  say: (line: string) => void,
): Promise<InstalledPeers> {
  const needed = new Set(contestants.map(({ peer }) => peer));
  const lockOf = (kind: keyof Peers) => {
    if (!needed.has(kind)) return undefined;
    const lock = peers[kind];
    if (lock === undefined)
      throw new Error(`expected bench ${name} to say where its ${kind} peers are locked`);
    return join(folder, lock);
  };
  const [npm, python] = [lockOf('npm'), lockOf('python')];
  return {
    npm: npm && (await installNpm(name, npm, say)),
    python: python && (await installPython(name, python, say)),
  };
}

async function installNpm(name: string, from: string, say: (line: string) => void): Promise<string> {
  const target = join(BENCH_FOLDER, 'npm', name);
  const lock = await readFile(join(from, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex');
  if ((await readStamp(target)) === stamp) return target;
  say(`${name}: installing its npm peers`);
  await installFolder(target, async (temporary) => {
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(from, file), join(temporary, file));
    await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: temporary });
    await writeFile(join(temporary, STAMP), stamp);
  });
  return target;
}

const STAMP = 'lock.sha256';

async function readStamp(target: string): Promise<string | undefined> {
  try {
    return await readFile(join(target, STAMP), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function installPython(name: string, lock: string, say: (line: string) => void): Promise<string> {
  const target = join(BENCH_FOLDER, 'python', name);
  const step = environmentStep(`Python peers of ${name} (PyPI)`, target, lock);
  if ((await step.check()).kind === 'missing') {
    say(`${name}: installing its Python peers`);
    await step.install();
  }
  return join(target, 'bin', 'python');
}
