import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

test('the tiny history bench runs whole, and reads back every candle, each with the digits of its file', async () => {
  const args = ['bench/main.ts', 'history', '--quick', '--runs', '1', '--only', 'ours'];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const written = await readFile(join(ROOT, '.bench/results/benchmarks/history.json'), 'utf8');
  const counts = { rows: 44_640, candles: 44_640, inexact: 0 };
  expect(JSON.parse(written)).toMatchObject({
    quick: true,
    cases: [{ contestants: [{ name: 'ours', runs: [{ counts }] }] }],
  });
});
