import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock } from '#local/setup/lock.mjs';
import { isAlive } from '#local/setup/process-identity.mjs';
import { readState, stateFileIn } from './state-file.ts';

/** The reaper gives every part of a killed run 8 s; this waits for all of them. */
const LEFTOVERS_WAIT_MS = 60_000;

/** Takes the folder for this run, and waits for what a killed run left in it; throws when another run has it. */
export async function takeFolder(
  folder: string,
  say: (text: string) => void,
): Promise<{ readonly release: () => void }> {
  const lock = tryLock(join(folder, 'supervisor.lock'));
  if (lock.kind === 'held') {
    throw new Error(
      `the pipeline already runs on ${folder} as process ${lock.by.pid}: stop it by Ctrl-C or \`kill ${lock.by.pid}\`, or start another with --data and --port-base`,
    );
  }
  const deadline = Date.now() + LEFTOVERS_WAIT_MS;
  let left = leftovers(folder);
  if (left.length > 0) say(`waiting for the parts of a run that was killed: ${left.join(', ')}`);
  while (left.length > 0) {
    if (Date.now() > deadline) {
      lock.release();
      throw new Error(
        `expected the parts of the run before to end, still there: ${left.join(', ')}; end them by kill -9`,
      );
    }
    await sleep(200);
    left = leftovers(folder);
  }
  return lock;
}

function leftovers(folder: string): readonly string[] {
  const parts = readState(stateFileIn(folder))?.parts ?? {};
  return Object.entries(parts).flatMap(([name, { pid, identity }]) =>
    pid !== undefined && identity !== undefined && isAlive({ pid, identity }) ? [`${name} (${pid})`] : [],
  );
}
