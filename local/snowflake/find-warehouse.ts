import { isAlive } from '#local/setup/process-identity.mjs';
import { portOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { readState, stateFileIn } from '#local/supervisor/state-file.ts';

/** Where the emulator of the run in this folder listens. Throws an error that says what to do when none does. */
export function findWarehouse(folder: string): Pick<RunOptions, 'folder' | 'portBase'> {
  const state = readState(stateFileIn(folder));
  if (state === undefined || !isAlive(state.supervisor)) {
    throw new Error(`expected a running pipeline in ${folder}, got none: start it with \`npm start\``);
  }
  const part = state.parts['warehouse'];
  if (part === undefined) {
    throw new Error(
      `expected the pipeline in ${folder} to run a warehouse, got ${Object.keys(state.parts).join(', ')}: ` +
        'start it without --no-batch',
    );
  }
  if (part.state !== 'running') {
    throw new Error(`expected a running warehouse, got one that is ${part.state}: see \`npm run status\``);
  }
  return { folder, portBase: Number(new URL(part.url).port) - portOf({ portBase: 0 }, 'warehouse') };
}
