import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import type { Part } from '#local/supervisor/part.ts';
import { readState, stateFileIn } from '#local/supervisor/state-file.ts';
import { supervise } from '#local/supervisor/supervise.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { rememberingScreen, stubPart } from '#test/local/supervisor/stub-parts.ts';

const LIMIT = { restarts: 2, windowMs: 60_000, firstDelayMs: 10 };

test('parts start after those they depend on, are in the state file, and stop in reverse', async () => {
  await using folder = await temporaryFolder();
  const started: string[] = [];
  const noting = (name: string) => ({ onceUp: async () => void started.push(name) });
  const kafka = await stubPart(folder.path, 'kafka', noting('kafka'));
  const exporter = await stubPart(folder.path, 'exporter', { dependsOn: ['kafka'], ...noting('exporter') });
  const page = await stubPart(folder.path, 'page', { dependsOn: ['exporter'], ...noting('page') });
  await using run = superviseIn(folder.path, [page.part, kafka.part, exporter.part]);
  await run.isReady();

  expect(started).toEqual(['kafka', 'exporter', 'page']);
  const state = run.state();
  expect(state).toMatchObject({ ready: true, source: 'replay', supervisor: { pid: process.pid } });
  expect(state?.startedAt).toMatch(/^\d{4}-.*Z$/);
  expect(state?.parts['kafka']).toEqual({
    url: kafka.part.url,
    state: 'running',
    pid: expect.any(Number),
    identity: identityOfProcess(state?.parts['kafka']?.pid ?? 0),
  });
  expect(run.tables.at(-1)).toMatch(/^part +state +address +pid +lag\n/);

  run.supervisor.stop();
  expect(await run.supervisor.done).toBe(true);
  expect(await readFile(join(folder.path, 'stopped'), 'utf8')).toBe('page\nexporter\nkafka\n');
  expect(run.state()?.ready).toBe(false);
  expect(run.state()?.parts['kafka']).toEqual({ url: kafka.part.url, state: 'stopped' });
  expect(run.pids().filter(isThere)).toEqual([]);
});

test('a part that is killed is named with the end of its log, and runs again', async () => {
  await using folder = await temporaryFolder();
  const exporter = await stubPart(folder.path, 'exporter');
  await using run = superviseIn(folder.path, [exporter.part]);
  await run.isReady();
  const killed = run.state()?.parts['exporter']?.pid ?? 0;
  process.kill(killed, 'SIGKILL');
  await vi.waitFor(() => expect(run.state()?.parts['exporter']?.pid).not.toBe(killed), 10_000);
  await run.isReady();
  expect(run.said[0]).toMatch(
    /^exporter: ended with signal SIGKILL; restarting in 0.01 s; \S+ ends:\n {4}exporter starts$/,
  );
});

test('a part that dies too often ends the whole run, and nothing stays behind', async () => {
  await using folder = await temporaryFolder();
  const kafka = await stubPart(folder.path, 'kafka');
  const exporter = await stubPart(folder.path, 'exporter', { dependsOn: ['kafka'] });
  await exporter.breakIt();
  await using run = superviseIn(folder.path, [kafka.part, exporter.part]);
  expect(await run.supervisor.done).toBe(false);

  const deaths = run.said.filter((line) => line.startsWith('exporter: ended with exit code 4'));
  expect(deaths).toHaveLength(LIMIT.restarts + 1);
  expect(deaths.at(-1)).toContain('it died more than 2 times in 1 minutes');
  expect(deaths.at(-1)).toContain('    out of flour');
  expect(run.state()?.parts['exporter']?.state).toBe('failed');
  expect(run.state()?.parts['kafka']?.state).toBe('stopped');
  expect(run.pids().filter(isThere)).toEqual([]);
});

test('a part that does not answer in time is ended, and what it waits for is told', async () => {
  await using folder = await temporaryFolder();
  const silent = await stubPart(folder.path, 'silent', {
    startTimeoutMs: 300,
    check: () => Promise.reject(new Error('no broker yet')),
  });
  await using run = superviseIn(folder.path, [silent.part]);
  expect(await run.supervisor.done).toBe(false);
  expect(run.said[0]).toContain('silent: did not answer within 0.3 s: no broker yet; restarting');
});

test('a part that answers without doing its work keeps the run from being ready, and says why', async () => {
  await using folder = await temporaryFolder();
  const exporter = await stubPart(folder.path, 'exporter', {
    check: () => Promise.resolve({ kind: 'waiting', detail: 'Kafka is away', lag: 3, ageSeconds: 61 }),
  });
  await using run = superviseIn(folder.path, [exporter.part]);
  await vi.waitFor(() =>
    expect(run.state()?.parts['exporter']).toMatchObject({
      state: 'starting',
      detail: 'Kafka is away',
      lag: 3,
      ageSeconds: 61,
    }),
  );
  expect(run.state()?.ready).toBe(false);
});

test('a part that ignores SIGTERM is killed when its time is up, or at once when asked for', async () => {
  await using folder = await temporaryFolder();
  const slow = await stubPart(folder.path, 'slow', { stopTimeoutMs: 200 });
  const slower = await stubPart(folder.path, 'slower', { stopTimeoutMs: 100_000 });
  await slow.deafenIt();
  await slower.deafenIt();
  await using run = superviseIn(folder.path, [slow.part, slower.part]);
  await run.isReady();
  run.supervisor.stop();
  await vi.waitFor(async () => expect(await readFile(join(folder.path, 'stopped'), 'utf8')).toBe('slower\n'));
  run.supervisor.kill();
  expect(await run.supervisor.done).toBe(true);
  expect(run.pids().filter(isThere)).toEqual([]);
});

test('a log that is removed while its part runs disturbs nothing', async () => {
  await using folder = await temporaryFolder();
  let checks = 0;
  const exporter = await stubPart(folder.path, 'exporter', {
    check: () => Promise.resolve({ kind: 'ready', lag: (checks += 1) }),
  });
  await using run = superviseIn(folder.path, [exporter.part]);
  await run.isReady();
  await rm(join(folder.path, 'logs', 'exporter.log'));
  const before = checks;
  await vi.waitFor(() => expect(checks).toBeGreaterThan(before + 3), 5000);
  run.supervisor.stop();
  expect(await run.supervisor.done).toBe(true);
  expect(run.said).toEqual([]);
});

test('a failure of the supervising itself stops every part, and is told', async () => {
  await using folder = await temporaryFolder();
  const kafka = await stubPart(folder.path, 'kafka');
  const exporter = await stubPart(folder.path, 'exporter', { dependsOn: ['kafka'] });
  const page = await stubPart(folder.path, 'page', { dependsOn: ['kafka'] });
  const pids: number[] = [];
  await using run = superviseIn(folder.path, [kafka.part, exporter.part, page.part], () => {
    pids.push(...Object.values(run.state()?.parts ?? {}).flatMap(({ pid }) => pid ?? []));
    throw new Error('the screen is gone');
  });
  await expect(run.supervisor.done).rejects.toThrow('the screen is gone');
  expect(pids).toHaveLength(3);
  expect(pids.filter(isThere)).toEqual([]);
  const stopped = await readFile(join(folder.path, 'stopped'), 'utf8');
  expect(stopped.trim().split('\n').toSorted()).toEqual(['exporter', 'kafka', 'page']);
  expect(stopped).toMatch(/kafka\n$/);
});

function superviseIn(folder: string, parts: readonly Part[], onReady = () => {}) {
  const { screen, said, tables } = rememberingScreen();
  const pids = new Set<number>();
  const state = () => {
    const read = readState(stateFileIn(folder));
    for (const { pid } of Object.values(read?.parts ?? {})) if (pid !== undefined) pids.add(pid);
    return read;
  };
  const pace = { limit: LIMIT, checkEveryMs: 20 };
  const supervisor = supervise({ parts, folder, source: 'replay', screen, onReady, ...pace });
  return {
    supervisor,
    said,
    tables,
    state,
    pids: () => [...pids],
    isReady: () => vi.waitFor(() => expect(state()?.ready).toBe(true), 10_000),
    [Symbol.asyncDispose]: async () => {
      supervisor.stop();
      supervisor.kill();
      await Promise.allSettled([supervisor.done]); // a test that expects it to fail has asked already
    },
  };
}

function isThere(pid: number): boolean {
  return identityOfProcess(pid) !== undefined;
}
