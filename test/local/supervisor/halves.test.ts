import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import type { Half, Part } from '#local/supervisor/part.ts';
import { readState, stateFileIn } from '#local/supervisor/state-file.ts';
import { supervise } from '#local/supervisor/supervise.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { rememberingScreen, stubPart } from '#test/local/supervisor/stub-parts.ts';

const LIMIT = { restarts: 2, windowMs: 60_000, firstDelayMs: 10 };

test('the page is told of as soon as the live half is ready, and the warehouse half once it follows', async () => {
  await using folder = await temporaryFolder();
  const answers = Promise.withResolvers<void>();
  const page = await stubPart(folder.path, 'page');
  const warehouse = await stubPart(folder.path, 'warehouse', {
    half: 'batch',
    check: async () => {
      await answers.promise;
      return { kind: 'ready' };
    },
  });
  await using run = superviseIn(folder.path, [warehouse.part, page.part]);
  await vi.waitFor(() => expect(run.ready).toEqual(['live']));
  expect(run.state()).toMatchObject({ ready: false, parts: { page: { state: 'running' } } });
  answers.resolve();
  await vi.waitFor(() => expect(run.ready).toEqual(['live', 'batch']));
  expect(run.state()).toMatchObject({ ready: true });
});

test('the warehouse half starts only once every live part answers', async () => {
  await using folder = await temporaryFolder();
  const started: string[] = [];
  let isUp = false;
  const slow = await stubPart(folder.path, 'slow', {
    check: () => Promise.resolve(isUp ? { kind: 'ready' } : { kind: 'down' }),
    onceUp: async () => void started.push('slow'),
  });
  const warehouse = await stubPart(folder.path, 'warehouse', {
    half: 'batch',
    onceUp: async () => void started.push('warehouse'),
  });
  await using run = superviseIn(folder.path, [warehouse.part, slow.part]);
  await vi.waitFor(() => expect(run.state()?.parts['slow']?.pid).toBeDefined());
  expect(run.state()?.parts['warehouse']?.pid).toBeUndefined();
  isUp = true;
  await vi.waitFor(() => expect(started).toEqual(['slow', 'warehouse']), 5000);
});

test('a batch part that dies too often stops what needs it, and nothing else', async () => {
  await using folder = await temporaryFolder();
  const kafka = await stubPart(folder.path, 'kafka');
  const warehouse = await stubPart(folder.path, 'warehouse', { half: 'batch' });
  const connect = await stubPart(folder.path, 'connect', {
    half: 'batch',
    dependsOn: ['kafka', 'warehouse'],
  });
  const other = await stubPart(folder.path, 'other', { half: 'batch', dependsOn: ['kafka'] });
  await using run = superviseIn(folder.path, [kafka.part, warehouse.part, connect.part, other.part]);
  await vi.waitFor(() => expect(run.ready).toContain('batch'), 5000);
  await warehouse.breakIt();
  process.kill(run.pidOf('warehouse'), 'SIGKILL');

  await vi.waitFor(
    () =>
      expect(run.state()?.parts).toMatchObject({
        kafka: { state: 'running' },
        other: { state: 'running' },
        warehouse: { state: 'failed', detail: 'ended with exit code 4' },
        connect: { state: 'stopped', detail: 'needs warehouse, which stays down' },
      }),
    5000,
  );
  expect(run.state()?.ready).toBe(false);
  expect(identityOfProcess(run.pidOf('kafka'))).toBeDefined();
  const loud = run.said.filter((line) => line.startsWith('WAREHOUSE HALF NOT WHOLE'));
  expect(loud).toEqual([expect.stringContaining('warehouse stays down, and so do connect, which need it')]);
  expect(loud[0]).toContain('the live half goes on');

  run.supervisor.stop();
  // the run was not whole, and its exit code says so
  expect(await run.supervisor.done).toBe(false);
  expect(await readFile(join(folder.path, 'stopped'), 'utf8')).toBe('connect\nother\nkafka\n');
});

test('a live part that dies too often ends the warehouse half, too', async () => {
  await using folder = await temporaryFolder();
  const kafka = await stubPart(folder.path, 'kafka');
  const warehouse = await stubPart(folder.path, 'warehouse', { half: 'batch' });
  await using run = superviseIn(folder.path, [kafka.part, warehouse.part]);
  await vi.waitFor(() => expect(run.ready).toContain('batch'), 5000);
  await kafka.breakIt();
  process.kill(run.pidOf('kafka'), 'SIGKILL');
  expect(await run.supervisor.done).toBe(false);
  expect(run.state()?.parts).toMatchObject({ kafka: { state: 'failed' }, warehouse: { state: 'stopped' } });
});

function superviseIn(folder: string, parts: readonly Part[]) {
  const { screen, said } = rememberingScreen();
  const ready: Half[] = [];
  const state = () => readState(stateFileIn(folder));
  const supervisor = supervise({
    parts,
    folder,
    source: 'replay',
    screen,
    onReady: (half) => ready.push(half),
    limit: LIMIT,
    checkEveryMs: 20,
  });
  return {
    supervisor,
    said,
    ready,
    state,
    pidOf: (name: string) => {
      const pid = state()?.parts[name]?.pid;
      if (pid === undefined) throw new Error(`expected ${name} to run, got no process`);
      return pid;
    },
    [Symbol.asyncDispose]: async () => {
      supervisor.stop();
      supervisor.kill();
      await Promise.allSettled([supervisor.done]);
    },
  };
}
