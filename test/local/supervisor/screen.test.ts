import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cutLog, rotateLog, tailOf } from '#local/supervisor/log-files.ts';
import { screenOn } from '#local/supervisor/screen.ts';
import { partsTable } from '#local/supervisor/table.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('the table lines its columns up, and shows lag in the unit of each part', () => {
  const lines = partsTable({
    kafka: { url: '127.0.0.1:2', state: 'running', pid: 12 },
    exporter: { url: 'http://127.0.0.1:5', state: 'running', pid: 1234, ageSeconds: 31.4 },
    consumer: { url: 'http://127.0.0.1:6', state: 'running', pid: 7, lag: 1 },
    page: { url: 'http://127.0.0.1:0', state: 'failed', detail: 'out of flour' },
  });
  expect(lines).toEqual([
    'part      state    address             pid   lag',
    'kafka     running  127.0.0.1:2         12    -',
    'exporter  running  http://127.0.0.1:5  1234  31 s',
    'consumer  running  http://127.0.0.1:6  7     1 record',
    'page      failed   http://127.0.0.1:0  -     -         out of flour',
  ]);
});

test('a terminal gets one table that is drawn over, cut to its width', () => {
  const { output, text } = remembering({ isTTY: true, columns: 24, rows: 10 });
  const screen = screenOn(output);
  screen.showTable(['a', 'b'], false);
  screen.note('not needed here');
  screen.showTable(['a', 'a line that is longer than the window'], false);
  expect(text()).toBe('a\nb\n\u001B[2A\u001B[Ja\na line that is longer t\n');
  screen.say('below the table');
  screen.showTable(['c'], false);
  expect(text().endsWith('below the table\nc\n')).toBe(true);
});

test('a file gets plain lines, and the table only when something changed', () => {
  const { output, text } = remembering({});
  const screen = screenOn(output);
  screen.note('kafka: running');
  screen.showTable(['a'], false);
  screen.showTable(['b'], true);
  expect(text()).toBe('kafka: running\nb\n');
});

test("a log starts anew with each run, and the run before's is kept", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'kafka.log');
  rotateLog(file);
  await writeFile(file, 'before');
  rotateLog(file);
  await expect(readFile(file)).rejects.toThrow('ENOENT');
  expect(await readFile(`${file}.previous`, 'utf8')).toBe('before');
});

test('a log that has grown past its bound is cut, with what was in it kept once', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'kafka.log');
  await writeFile(file, '0123456789');
  cutLog(file, 10);
  expect(await readFile(file, 'utf8')).toBe('0123456789');
  cutLog(file, 9);
  expect(await readFile(file, 'utf8')).toBe('');
  expect(await readFile(`${file}.previous`, 'utf8')).toBe('0123456789');
});

test('the tail of a log is its last lines, however long it is', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'kafka.log');
  await writeFile(file, Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(''));
  expect(await tailOf(file, 3)).toBe('line 19997\nline 19998\nline 19999');
});

function remembering(properties: { isTTY?: boolean; columns?: number; rows?: number }) {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  return { output: { ...properties, write }, text: () => written };
}
