import { resolve } from 'node:path';
import { Command } from 'commander';
import { LOCAL_FOLDER } from './setup/folders.ts';
import { isAlive } from './setup/process-identity.mjs';
import { readState, stateFileIn } from './supervisor/state-file.ts';
import type { PartState, RunState } from './supervisor/state-file.ts';
import { partsTable } from './supervisor/table.ts';

const program = new Command('npm run status --')
  .description('Shows the run that `npm start` has going; exit code 1 when there is none or it is not ready.')
  .option('--json', 'print the state as JSON')
  .option('--data <folder>', "the run's --data", (path) => resolve(path), LOCAL_FOLDER)
  .allowExcessArguments(false)
  .parse();
const { json, data } = program.opts<{ readonly json?: boolean; readonly data: string }>();

const state = readState(stateFileIn(data));
const current = state === undefined ? undefined : withTheDead(state);
if (json) console.log(JSON.stringify(current ?? { ready: false, parts: {} }, undefined, 2));
else if (current === undefined) console.log(`nothing ever ran in ${data}: start it with \`npm start\``);
else {
  const isRunning = isAlive(current.supervisor);
  console.log(
    isRunning
      ? `${current.source} since ${current.startedAt}, ${current.ready ? 'ready' : 'not ready'}, process ${current.supervisor.pid}`
      : `not running; the last run was ${current.source}, started ${current.startedAt}`,
  );
  for (const line of partsTable(current.parts)) console.log(line);
}
process.exitCode = current?.ready ? 0 : 1;

/** What a killed run left in the file is not true any more: without a process, and without one to come, a part has stopped. */
function withTheDead(written: RunState): RunState {
  const isRunning = isAlive(written.supervisor);
  const parts = Object.entries(written.parts).map(([name, part]) => {
    const isTrue = isThere(part) ?? isRunning;
    return [name, isTrue ? part : ({ url: part.url, state: 'stopped' } as const)] as const;
  });
  const ready = written.ready && isRunning && parts.every(([, part]) => part.state === 'running');
  return { ...written, ready, parts: Object.fromEntries(parts) };
}

/** Undefined while the part has no process. */
function isThere({ pid, identity }: PartState): boolean | undefined {
  return pid === undefined || identity === undefined ? undefined : isAlive({ pid, identity });
}
