import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockHolder, tryLock, withLock } from '#local/setup/lock.mjs';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import { ROOT } from '#local/setup/folders.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('a lock has one holder at a time, and can be taken again once it is released', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'lock');
  const first = tryLock(file);
  const second = tryLock(file);
  expect(first.kind).toBe('locked');
  expect(second).toEqual({ kind: 'held', by: lockHolder(file) });
  expect(lockHolder(file)?.pid).toBe(process.pid);

  if (first.kind === 'locked') first.release();
  expect(lockHolder(file)).toBeUndefined();
  expect(tryLock(file).kind).toBe('locked');
  expect(await readdir(folder.path)).toEqual(['lock']);
});

test('a lock whose holder died, or whose pid is another process by now, is taken over', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'lock');
  await writeFile(file, JSON.stringify({ pid: process.pid, identity: 'another start' }));
  expect(lockHolder(file)).toBeUndefined();
  expect(tryLock(file).kind).toBe('locked');
});

test('many processes that want the lock at once have it one after the other', async () => {
  await using folder = await temporaryFolder();
  const [file, log] = [join(folder.path, 'lock'), join(folder.path, 'log')];
  const code = `
    const { withLock } = await import(${JSON.stringify(join(ROOT, 'local', 'setup', 'lock.mjs'))});
    const { appendFileSync } = await import('node:fs');
    await withLock(${JSON.stringify(file)}, () => {}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await new Promise((resolve) => setTimeout(resolve, 20));
      appendFileSync(${JSON.stringify(log)}, 'out ');
    });`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect((await readFile(log, 'utf8')).trim()).toBe(Array(4).fill('in out').join(' '));
});

test('the lock is released when the work under it fails', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'lock');
  const work = withLock(
    file,
    () => {},
    () => Promise.reject(new Error('no')),
  );
  await expect(work).rejects.toThrow('no');
  expect(lockHolder(file)).toBeUndefined();
});

test('a process that is gone has no identity', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  expect(identityOfProcess(child.pid ?? 0)).toMatch(/\S/);
  await once(child, 'exit');
  expect(identityOfProcess(child.pid ?? 0)).toBeUndefined();
});
