import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './launch.ts';
import { tailOf } from './log-files.ts';

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
  /** Resolves with how it ended, in words. */
  readonly exited: Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Sends the signal and waits until the process is gone. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts one process for a test or a benchmark and waits until it is ready; `await using` stops it. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, logFile, isReady, timeoutMs } = options;
  const launched = await launch({ ...options, ownGroup: false });
  let ended: string | undefined;
  void launched.exited.then((how) => {
    ended = how;
  });
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady())) {
    if (ended !== undefined || Date.now() > deadline) {
      const outcome = ended === undefined ? `it is not after ${timeoutMs} ms` : `it ended with ${ended}`;
      launched.kill('SIGKILL');
      throw new Error(
        `expected ${name} to become ready, but ${outcome}; ${logFile} ends:\n${await tailOf(logFile)}`,
      );
    }
    await sleep(200);
  }
  const { pid, exited, kill } = launched;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    kill(signal);
    await exited;
  };
  return { pid, exited, kill, stop, [Symbol.asyncDispose]: () => launched.stop(10_000) };
}
