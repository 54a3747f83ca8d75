import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const bench = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ['bench/main.ts', ...args], { cwd: ROOT });

test('without a name all benches are meant, and each folder but that of the frame is one', async () => {
  const folders = await readdir(join(ROOT, 'bench'), { withFileTypes: true });
  const names = folders.filter((one) => one.isDirectory() && one.name !== 'run').map(({ name }) => name);
  const { stdout } = await bench('--list');
  const listed = [...stdout.matchAll(/^(\S+): /gm)].map(([, name]) => name);
  expect(listed).toEqual(names.toSorted());
  expect(listed.length).toBeGreaterThan(7);
});

test('a bench that is not there is named, with those that are', async () => {
  await expect(bench('decoding')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/expected one of boundary, decode, .*, got decoding/),
  });
});

test('one that is broken off leaves nothing of its work behind', async () => {
  await using temporary = await temporaryFolder();
  const child = spawn(process.execPath, ['bench/main.ts', 'decode', '--quick', '--only', 'ours'], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary.path },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const scratch = async () =>
    (await readdir(temporary.path)).filter((name) => name.startsWith('crypto-market-bench-'));
  await vi.waitFor(async () => expect(await scratch()).toHaveLength(1), 20_000);
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(await scratch()).toEqual([]);
});
