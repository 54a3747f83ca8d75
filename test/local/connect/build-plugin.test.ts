import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPlugin } from '#local/connect/build-plugin.ts';
import { ROOT } from '#local/setup/folders.ts';
import { runCommand } from '#local/setup/run-command.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const JARS = { 'b.jar': 'second', 'a.jar': 'first' };

test('the zip has the same bytes again, whenever and wherever it is built', async () => {
  await using stand = await standWithJars();
  const first = await builtIn('UTC', stand, join(stand.path, 'first.zip'));
  await utimes(join(stand.jars, 'a.jar'), 1_000_000_000, 1_000_000_000);
  const second = await builtIn('Asia/Tokyo', stand, join(stand.path, 'second.zip'));

  const bytes = await readFile(join(stand.path, 'first.zip'));
  expect(await readFile(join(stand.path, 'second.zip'))).toEqual(bytes);
  expect(second).toEqual(first);
  expect(first).toEqual({
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});

test('the zip holds the jars, in order, in one folder', async () => {
  await using stand = await standWithJars();
  const zip = join(stand.path, 'plugin.zip');
  const own = join(stand.path, 'ab.jar');
  await writeFile(own, 'ours');
  await buildPlugin({ pinned: [stand], compiled: [own] }, zip);
  const script =
    'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
    'print([(n, z.read(n).decode()) for n in z.namelist()])';
  expect(await runCommand('python3', ['-c', script, zip])).toBe(
    "[('candle-sink/a.jar', 'first'), ('candle-sink/ab.jar', 'ours'), ('candle-sink/b.jar', 'second')]\n",
  );
});

test('a jar with one wrong byte is refused by name, and no zip is left', async () => {
  await using stand = await standWithJars();
  await appendFile(join(stand.jars, 'b.jar'), '!');
  await expect(
    buildPlugin({ pinned: [stand], compiled: [] }, join(stand.path, 'plugin.zip')),
  ).rejects.toThrow(
    /refused to build plugin\.zip.*\n {2}b\.jar is wrong: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}$/,
  );
  expect((await readdir(stand.path)).toSorted()).toEqual(['SHA256SUMS', 'jars']);
});

test('the committed list names the connector that the descriptor asks for, and what it needs beside it', async () => {
  const sums = await readFile(join(ROOT, 'connectors', 'SHA256SUMS'), 'utf8');
  const names = sums
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(66));
  const pom = await readFile(join(ROOT, 'connectors', 'pom.xml'), 'utf8');
  const dependencies = pom.matchAll(
    /<dependency>\s*<groupId>[^<]+<\/groupId>\s*<artifactId>([^<]+)<\/artifactId>\s*<version>([^<]+)/g,
  );
  const wanted = [...dependencies].map(([, artifact, version]) => `${artifact}-${version}.jar`);
  expect(wanted).toHaveLength(3);
  expect(names.toSorted()).toEqual(wanted.toSorted());
});

/** In a process of its own, as the time zone is its process's. */
async function builtIn(timeZone: string, { jars, sums }: Stand, zip: string): Promise<unknown> {
  const script = `import { buildPlugin } from '#local/connect/build-plugin.ts';
    const [jars, sums, zip] = process.argv.slice(1);
    console.log(JSON.stringify(await buildPlugin({ pinned: [{ jars, sums }], compiled: [] }, zip)));`;
  const env = { ...process.env, TZ: timeZone };
  const args = ['--input-type=module', '-e', script, jars, sums, zip];
  return JSON.parse(await runCommand(process.execPath, args, { cwd: ROOT, env }));
}

type Stand = Awaited<ReturnType<typeof standWithJars>>;

async function standWithJars() {
  const folder = await temporaryFolder();
  const [jars, sums] = [join(folder.path, 'jars'), join(folder.path, 'SHA256SUMS')];
  await mkdir(jars);
  for (const [name, text] of Object.entries(JARS)) await writeFile(join(jars, name), text);
  const lines = Object.entries(JARS).map(
    ([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`,
  );
  await writeFile(sums, lines.join(''));
  return { ...folder, jars, sums };
}
