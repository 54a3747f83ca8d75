import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { otherCpus } from './cpus.ts';

export interface BenchServer extends AsyncDisposable {
  /** Its first line on stdout: an address, by custom. */
  readonly firstLine: string;
  readonly pid: number;
}

/** A process beside the contestants, on the CPUs that they are not on. It says one line once it can be used. */
export async function startServer(
  command: readonly [program: string, ...args: string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  const [program, ...args] = onCpus(otherCpus(), command);
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stopWithUs = () => child.kill('SIGKILL');
  process.once('exit', stopWithUs);
  const firstLine = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`expected ${command.join(' ')} to serve, it ended with ${code}`)),
    );
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  child.stdout.resume();
  return {
    firstLine,
    pid: child.pid ?? -1,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', stopWithUs);
      child.kill();
      await over;
    },
  };
}

function onCpus(
  cpus: readonly number[],
  command: readonly [program: string, ...args: string[]],
): readonly [program: string, ...args: string[]] {
  return cpus.length === 0 || process.platform !== 'linux'
    ? command
    : ['taskset', '--cpu-list', cpus.join(','), ...command];
}
