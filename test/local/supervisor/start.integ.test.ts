import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { ROOT } from '#local/setup/folders.ts';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import { readState, stateFileIn } from '#local/supervisor/state-file.ts';
import { freePortRange } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

// One run of the real pipeline on recorded candles, taken through its life: the tests build on each other.
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let portBase: number;
const started: Started[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  portBase = await freePortRange(11);
});

afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  for (let tries = 0; livePids().length > 0 && tries < 300; tries += 1) await sleep(200);
  await folder[Symbol.asyncDispose]();
}, 70_000);

test('a port that is taken is named before anything starts', async () => {
  const server = createServer().listen(portBase + 4, '127.0.0.1');
  await once(server, 'listening');
  const { ended, output } = start();
  expect(await ended).toBe(1);
  expect(output()).toContain(`port ${portBase + 4} is taken, which prometheus needs`);
  expect(output()).toContain('--port-base N');
  expect(readState(stateFileIn(folder.path))).toBeUndefined();
  await new Promise((resolve) => server.close(resolve));
}, 60_000);

test('npm start reaches a page that is served, with every part in the state file', async () => {
  const { output } = start();
  await isReady(output);
  expect(output()).toContain('source: replay of recorded candles, as asked for');
  expect(output()).toContain(`open http://127.0.0.1:${portBase}`);
  const state = readState(stateFileIn(folder.path));
  expect(Object.keys(state?.parts ?? {})).toEqual([
    'kafka',
    'prometheus',
    'alertmanager',
    'exchange',
    'exporter',
    'consumer',
    'page',
  ]);
  expect(livePids()).toHaveLength(7);
  expect(await (await fetch(`http://127.0.0.1:${portBase}/`)).text()).toContain('<html');

  const status = run('local/status.ts', '--data', folder.path);
  expect(await status.ended).toBe(0);
  expect(status.output()).toMatch(/^replay since .*, ready, process \d+\npart .*\nkafka +running/);
}, 120_000);

test('a second run on the same data is refused, with the process to stop', async () => {
  const { ended, output } = start();
  expect(await ended).toBe(1);
  expect(output()).toContain(`already runs on ${folder.path} as process ${started[1]?.child.pid}`);
}, 60_000);

test('after kill -9 of the supervisor no part stays behind', async () => {
  const pids = livePids();
  expect(pids).toHaveLength(6);
  await leaveRecord();
  started[1]?.child.kill('SIGKILL');
  const status = run('local/status.ts', '--data', folder.path);
  expect(await status.ended).toBe(1);
  expect(status.output()).toContain('not running; the last run was replay');
  await vi.waitFor(() => expect(pids.filter(isThere)).toEqual([]), { timeout: 60_000, interval: 200 });
  await vi.waitFor(() => expect(readState(stateFileIn(folder.path))?.ready).toBe(false), 10_000);
}, 90_000);

test('the next start continues on the records that are there, and SIGTERM stops it all with exit code 0', async () => {
  const { child, ended, output } = start();
  await isReady(output);
  expect(await recordsLeft()).toBe(1);
  const pids = livePids();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(pids.filter(isThere)).toEqual([]);
  const state = readState(stateFileIn(folder.path));
  expect(state?.ready).toBe(false);
  expect(Object.values(state?.parts ?? {}).map((part) => part.state)).toEqual(Array(6).fill('stopped'));
}, 120_000);

type Started = ReturnType<typeof run>;

function start(): Started {
  const replay = ['--replay', '--speed', '30', '--symbols', '3', '--no-open', '--no-batch'];
  const place = ['--data', folder.path, '--port-base', String(portBase)];
  const begun = run('local/main.ts', ...replay, ...place);
  started.push(begun);
  return begun;
}

function run(script: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, output: () => text };
}

async function isReady(output: () => string): Promise<void> {
  await vi.waitFor(() => expect(output()).toContain(`open http://127.0.0.1:${portBase}`), {
    timeout: 90_000,
    interval: 200,
  });
}

function livePids(): readonly number[] {
  const parts = readState(stateFileIn(folder.path))?.parts ?? {};
  return Object.values(parts).flatMap(({ pid }) => (pid !== undefined && isThere(pid) ? [pid] : []));
}

function isThere(pid: number): boolean {
  return identityOfProcess(pid) !== undefined;
}

/** Into the topic that nothing writes to while all is well. */
async function leaveRecord(): Promise<void> {
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic: DEAD_LETTER_TOPIC, acks: -1, messages: [{ value: 'left here' }] });
  await producer.disconnect();
}

async function recordsLeft(): Promise<number> {
  const admin = kafka().admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(DEAD_LETTER_TOPIC);
  await admin.disconnect();
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

function kafka(): Kafka {
  return new Kafka({ brokers: [`127.0.0.1:${portBase + 2}`], logLevel: logLevel.NOTHING });
}
