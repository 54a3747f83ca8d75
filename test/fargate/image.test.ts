import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { EXPORTER_NODE_FLAGS } from '#fargate/ohlc-exporter/env.ts';
import { ROOT } from '#local/setup/folders.ts';

// What the Dockerfile makes, in a folder of its own: what it copies, and the packages that are not for development alone.
const read = (...path: readonly string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const DOCKERFILE = read('fargate', 'Dockerfile');
const COPIED = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
  names.split(' '),
);
const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.looseObject({
        version: z.string(),
        dev: z.boolean().optional(),
        integrity: z.string().optional(),
      }),
    ),
  })
  .parse(JSON.parse(read('package-lock.json')));
const PACKAGE = /^node_modules\/(@[^/]+\/)?[^/]+$/;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crypto-market-image-'));
  for (const name of new Set(COPIED)) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const path of Object.keys(packages)) {
    if (!PACKAGE.test(path) || packages[path]?.dev) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(folder, path));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packages look for others from the folder, not from where the links lead: those for development are not found. */
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--preserve-symlinks', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });

const errorLineSchema = z.object({
  level: z.literal('ERROR'),
  event: z.literal('failed'),
  reason: z.string(),
});

test('its Node is the one of the tests, by digest', () => {
  const [, image, digest] = /^ARG NODE_IMAGE=(\S+)@(sha256:[0-9a-f]{64})$/m.exec(DOCKERFILE) ?? [];
  expect(image).toBe(`node:${packages['node_modules/node']?.version}-bookworm-slim`);
  expect(digest).toBeDefined();
  expect([...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from)).toEqual([
    '${NODE_IMAGE}',
    '${NODE_IMAGE}',
  ]);
});

test('what is native is there for ARM, as the lock file has it', () => {
  const native = packages['node_modules/@duckdb/node-bindings-linux-arm64'];
  expect(native?.version).toBe(packages['node_modules/@duckdb/node-bindings']?.version);
  expect(native?.integrity).toMatch(/^sha512-/);
});

test('what Docker is given is what the Dockerfile copies', () => {
  const given = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  expect(given.toSorted()).toEqual([...new Set(COPIED)].toSorted());
  expect(given).toContain('fargate');
});

test('packages for development are not there', () => {
  const { status, stderr } = run('-e', "import('aws-cdk-lib')");
  expect(status).toBe(1);
  expect(stderr).toContain("Cannot find package 'aws-cdk-lib'");
});

test('the exporter starts from it, and logs what it misses as the error that an alarm counts', () => {
  const { status, stdout, stderr } = run('fargate/ohlc-exporter/main.ts');
  expect(status, stderr).toBe(1);
  expect(errorLineSchema.parse(JSON.parse(stdout + stderr)).reason).toContain(
    'KAFKA_BROKERS: expected host:port',
  );
});

test('the exporter first logs that it listens, as an alarm counts it, and ends by a signal', async () => {
  const nowhere = '127.0.0.1:1';
  using child = spawn(process.execPath, ['fargate/ohlc-exporter/main.ts'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      KAFKA_BROKERS: nowhere,
      BINANCE_WS_URLS: `ws://${nowhere}`,
      BINANCE_REST_URLS: `http://${nowhere}`,
      METRICS_PORT: '0',
    },
  });
  const events: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    events.push(z.looseObject({ event: z.string() }).parse(JSON.parse(line)).event);
    if (events.length === 1) child.kill('SIGTERM');
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  expect([events[0], events.at(-1)]).toEqual(['listening', 'stopped']);
});

test('the archive loader starts from it, with the packages that write Parquet and reach the warehouse', () => {
  const { status, stdout, stderr } = run('fargate/archive-loader/main.ts', '--help');
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('heal');
  const loaded = run(
    '-e',
    "await import('#fargate/archive-loader/parquet-writer.ts'); await import('snowflake-sdk'); console.log('loaded')",
  );
  expect(loaded.stdout.trim(), loaded.stderr).toBe('loaded');
});

test("the metrics' forwarder starts from it, and says what it misses", () => {
  const { status, stdout, stderr } = run('fargate/metrics-forwarder/main.ts');
  expect(status, stdout).toBe(1);
  expect(stdout + stderr).toContain('REMOTE_WRITE_URL');
});

test('without a command the image runs the exporter, with the memory that it is given everywhere', () => {
  const [, command = ''] = /^CMD (.+)$/m.exec(DOCKERFILE) ?? [];
  expect(JSON.parse(command)).toEqual(['node', ...EXPORTER_NODE_FLAGS, 'fargate/ohlc-exporter/main.ts']);
});
