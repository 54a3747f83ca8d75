import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import type { ProcessId } from '#local/setup/process-identity.mjs';
import type { PartCommand } from './part.ts';

export interface Launched extends ProcessId {
  /** Resolves with how it ended, in words. */
  readonly exited: Promise<string>;
  /** SIGTERM, then SIGKILL to the whole group when the time is up; resolves when it is gone. */
  readonly stop: (graceMs: number) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

export interface LaunchOptions extends PartCommand {
  readonly name: string;
  /** Gets stdout and stderr, appended. */
  readonly logFile: string;
  /** In a process group of its own, so that Ctrl-C reaches the supervisor only, which then stops it in order. */
  readonly ownGroup: boolean;
}

/** Starts a process; rejects when there is no such program. */
export async function launch({ name, command, env, logFile, ownGroup }: LaunchOptions): Promise<Launched> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const [file, ...args] = command;
  const child = spawn(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: ownGroup,
  });
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code === null ? `signal ${signal}` : `exit code ${code}`));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`could not start ${name} by ${file}`, { cause })));
  });
  const pid = child.pid ?? 0; // it has one once it has spawned
  const kill = (signal: NodeJS.Signals) => {
    if (ownGroup && signal === 'SIGKILL') killGroup(pid);
    else child.kill(signal);
  };
  const stop = async (graceMs: number) => {
    kill('SIGTERM');
    const timer = setTimeout(() => kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
    if (ownGroup) killGroup(pid);
  };
  return { pid, identity: identityOfProcess(pid) ?? '', exited, stop, kill };
}

/** Also what the process left behind; an empty group is fine. */
export function killGroup(leader: number): void {
  sendSignal(-leader, 'SIGKILL');
}

/** To a process, or to a group by its negative number; one that is gone by now is fine. */
export function sendSignal(to: number, signal: NodeJS.Signals): void {
  try {
    process.kill(to, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
