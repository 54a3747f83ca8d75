import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from '#local/supervisor/part.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import type { ProcessOptions, RunningProcess } from '#local/supervisor/start-process.ts';

const START_TIMEOUT_MS = 120_000;

type StartOptions = Omit<ProcessOptions, 'logFile' | 'timeoutMs'> & { readonly folder: string };

/** Ended with this process, also when that is killed. */
export async function startTied({ folder, command, ...options }: StartOptions): Promise<RunningProcess> {
  return startProcess({
    ...options,
    command: process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', ...command] : command,
    logFile: join(folder, `${options.name}.log`),
    timeoutMs: START_TIMEOUT_MS,
  });
}

/** A part as `npm start` runs it, but for the variables given. */
export async function startPart(
  part: Part,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProcess> {
  const { command, env: own } = await part.prepare();
  const running = await startTied({
    name: part.name,
    command,
    env: { ...own, ...env },
    folder,
    isReady: () => isReady(part),
  });
  await part.onceUp?.();
  return running;
}

async function isReady(part: Part): Promise<boolean> {
  try {
    return (await part.check()).kind === 'ready';
  } catch {
    return false;
  }
}

/** User and system time of the processes until now; undefined where there is no /proc. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function cpuSecondsOf(processes: readonly RunningProcess[]): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return processes.reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return sum + (Number(fields[UTIME]) + Number(fields[UTIME + 1])) / TICKS_PER_SECOND;
  }, 0);
}

/** Counted from the third field, the first one behind the program's name. */
const UTIME = 11;

/** On every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
