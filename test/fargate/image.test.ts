import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';

// What the Dockerfile copies, in a folder of its own: packages that are for development alone are there too.
const DOCKERFILE = readFileSync(join(ROOT, 'fargate', 'Dockerfile'), 'utf8');
const COPIED = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
  names.split(' '),
);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crypto-market-image-'));
  for (const name of new Set(COPIED)) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } });

test('what Docker is given is what the Dockerfile copies', () => {
  const given = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  expect(given.toSorted()).toEqual([...new Set(COPIED)].toSorted());
  expect(given).toContain('fargate');
});

test('the exporter starts from what is copied, and says what it misses', () => {
  const { status, stdout, stderr } = run('fargate/ohlc-exporter/main.ts');
  expect(status, stderr).toBe(1);
  expect(stdout + stderr).toContain('KAFKA_BROKERS: expected host:port');
});

test('the archive loader starts from what is copied', () => {
  const { status, stdout, stderr } = run('fargate/archive-loader/main.ts', '--help');
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('heal');
});

test("the metrics' forwarder starts from what is copied, and says what it misses", () => {
  const { status, stdout, stderr } = run('fargate/metrics-forwarder/main.ts');
  expect(status, stdout).toBe(1);
  expect(stdout + stderr).toContain('REMOTE_WRITE_URL');
});
