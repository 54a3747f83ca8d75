import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import { launch, sendSignal } from '#local/supervisor/launch.ts';
import { readState, stateFileIn, writeState } from '#local/supervisor/state-file.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const GONE = { pid: 2 ** 22 + 1, identity: 'long gone' };

test('once it has ended the parts of a killed supervisor, the state file says so', async () => {
  await using folder = await temporaryFolder();
  const part = await sleeper(folder.path);
  const file = stateFileIn(folder.path);
  writeState(file, stateOf(part, GONE));
  await reap(file, part);
  expect(identityOfProcess(part.pid)).toBeUndefined();
  expect(readState(file)).toMatchObject({ ready: false, supervisor: GONE });
  expect(readState(file)?.parts).toEqual({ kafka: { url: 'http://kafka', state: 'stopped' } });
});

test('the state file of a run that has begun meanwhile is left alone', async () => {
  await using folder = await temporaryFolder();
  const part = await sleeper(folder.path);
  const file = stateFileIn(folder.path);
  const next = stateOf(part, { pid: process.pid, identity: identityOfProcess(process.pid) ?? '' });
  writeState(file, next);
  await reap(file, part);
  expect(readState(file)).toEqual(next);
});

test('a signal to a process that is gone by now is no failure', async () => {
  await using folder = await temporaryFolder();
  const part = await sleeper(folder.path);
  await part.stop(1000);
  sendSignal(part.pid, 'SIGTERM');
  expect(identityOfProcess(part.pid)).toBeUndefined();
});

function sleeper(folder: string) {
  const command = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;
  return launch({ name: 'sleeper', command, logFile: join(folder, 'sleeper.log'), ownGroup: true });
}

function stateOf(part: { readonly pid: number; readonly identity: string }, supervisor: typeof GONE) {
  const { pid, identity } = part;
  return {
    ready: true,
    source: 'replay' as const,
    startedAt: '2026-01-01T00:00:00.000Z',
    supervisor,
    parts: { kafka: { url: 'http://kafka', state: 'running' as const, pid, identity } },
  };
}

/** Tells the reaper of the part, and then no more, as a supervisor that is killed. */
async function reap(stateFile: string, { pid, identity }: typeof GONE): Promise<void> {
  const script = join(ROOT, 'local', 'supervisor', 'reaper.ts');
  const child = spawn(process.execPath, [script, stateFile], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`+ ${pid} ${identity}\n`);
  expect(await once(child, 'exit')).toEqual([0, null]);
}
