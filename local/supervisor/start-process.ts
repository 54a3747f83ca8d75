import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessOptions {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Gets stdout and stderr, appended. */
  readonly logFile: string;
  /** Asked again and again until it is true. */
  readonly isReady: () => Promise<boolean>;
  readonly timeoutMs: number;
}

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  /** Sends the signal and waits until the process is gone; SIGTERM turns into SIGKILL after 10 s. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts one process and waits until it is ready; throws with the end of its log when that fails. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, command, env, logFile, isReady, timeoutMs } = options;
  await mkdir(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const [file, ...args] = command;
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`expected to start ${name} by \`${file}\`, but it does not run`);
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(timer);
  };
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady())) {
    if (isGone() || Date.now() > deadline) {
      const outcome = isGone()
        ? `it ended with ${child.exitCode ?? child.signalCode}`
        : `not after ${timeoutMs} ms`;
      await stop('SIGKILL');
      throw new Error(
        `expected ${name} to become ready, but ${outcome}; ${logFile} ends:\n${await tailOf(logFile)}`,
      );
    }
    await sleep(200);
  }
  return { pid, exited, stop, [Symbol.asyncDispose]: () => stop() };
}

/** The last lines of a log file. */
export async function tailOf(file: string, lines = 15): Promise<string> {
  const text = await readFile(file, 'utf8');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
