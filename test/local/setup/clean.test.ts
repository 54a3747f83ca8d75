import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { tryLock } from '#local/setup/lock.mjs';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('downloads are removed, and data only when asked for', async () => {
  await using project = await projectFolder();
  expect(await project.clean()).toEqual({ code: 0, output: 'removed .tools\n' });
  expect(await readdir(project.path)).toEqual(['.local', 'local']);
  expect(await project.clean('--data')).toEqual({
    code: 0,
    output: '.tools was not there\nremoved .local\n',
  });
  expect(await readdir(project.path)).toEqual(['local']);
});

test.for([
  ['.local', 'supervisor.lock'],
  ['.tools', 'setup.lock'],
] as const)('nothing is removed while a process uses %s', async ([folder, file]) => {
  await using project = await projectFolder();
  tryLock(join(project.path, folder, file));
  const { code, output } = await project.clean('--data');
  expect(code).toBe(1);
  expect(output).toContain(`process ${process.pid}, which uses ${folder}: stop it first`);
  expect(await readdir(project.path)).toEqual(['.local', '.tools', 'local']);
});

test('an argument that it does not know is refused', async () => {
  await using project = await projectFolder();
  const { code, output } = await project.clean('--all');
  expect({ code, output }).toEqual({ code: 2, output: 'expected nothing, --data or --help, got --all\n' });
});

/** A folder with the real clean-up in it, and something to remove. */
async function projectFolder() {
  const folder = await temporaryFolder();
  for (const name of ['clean.mjs', 'setup/lock.mjs', 'setup/process-identity.mjs']) {
    await cp(join(ROOT, 'local', name), join(folder.path, 'local', name));
  }
  for (const name of ['.tools', '.local']) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'something'), '');
  }
  const clean = async (...args: readonly string[]) => {
    const child = spawn(process.execPath, [join(folder.path, 'local', 'clean.mjs'), ...args]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const [code] = await once(child, 'close');
    return { code: Number(code), output };
  };
  return { ...folder, clean };
}
