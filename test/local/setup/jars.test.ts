import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkJars, installJars } from '#local/setup/jars.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const JARS = { 'one.jar': 'first', 'two.jar': 'second' };

test('jars that are exactly the committed list are installed', async () => {
  await using stand = await standWithSums();
  await installJars(stand.target, stand.sums, writeJars);
  expect(await checkJars(stand.target, stand.sums)).toEqual({ kind: 'present' });
  expect(await readdir(stand.path)).toEqual(['SHA256SUMS', 'jars']);
});

test.for([
  [
    'tampered with',
    (folder: string) => appendFile(join(folder, 'two.jar'), '!'),
    /two\.jar is wrong: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}/,
  ],
  ['missing', (folder: string) => rm(join(folder, 'two.jar')), /two\.jar is missing/],
  ['extra', (folder: string) => writeFile(join(folder, 'evil.jar'), ''), /evil\.jar is extra/],
] as const)(
  'a jar that is %s is refused by name, before and after it is installed',
  async ([, spoil, expected]) => {
    await using stand = await standWithSums();
    const install = installJars(stand.target, stand.sums, async (folder) => {
      await writeJars(folder);
      await spoil(folder);
    });
    await expect(install).rejects.toThrow(expected);
    expect(await readdir(stand.path)).toEqual(['SHA256SUMS']);

    await installJars(stand.target, stand.sums, writeJars);
    await spoil(stand.target);
    expect(await checkJars(stand.target, stand.sums)).toEqual({
      kind: 'missing',
      detail: expect.stringMatching(expected),
    });
  },
);

test('an installation that is interrupted leaves nothing that looks whole', async () => {
  await using stand = await standWithSums();
  const install = installJars(stand.target, stand.sums, async (folder) => {
    await writeFile(join(folder, 'one.jar'), 'first');
    throw new Error('the connection broke');
  });
  await expect(install).rejects.toThrow('the connection broke');
  expect(await checkJars(stand.target, stand.sums)).toEqual({ kind: 'missing', detail: 'not installed' });
});

test('a list that names no jar is refused, since it would let anything pass', async () => {
  await using stand = await standWithSums();
  await writeFile(stand.sums, '');
  await expect(checkJars(stand.target, stand.sums)).rejects.toThrow('at least one file');
});

async function standWithSums() {
  const folder = await temporaryFolder();
  const sums = join(folder.path, 'SHA256SUMS');
  const lines = Object.entries(JARS).map(
    ([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`,
  );
  await writeFile(sums, lines.join(''));
  return { ...folder, sums, target: join(folder.path, 'jars') };
}

async function writeJars(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(JARS)) await writeFile(join(folder, name), text);
}
