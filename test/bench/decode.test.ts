import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** Contestants that need nothing from a registry. */
const HERE = ['ours', 'ws + JSON.parse', 'ws alone'];

test('the tiny decode bench runs whole, and writes its result beside the measured ones', async () => {
  const args = ['bench/main.ts', 'decode', '--quick', '--runs', '1', '--only', HERE.join(',')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  for (const name of HERE) expect(stdout).toContain(name);
  expect(stdout).toContain('these numbers say nothing');
  const written = await readFile(join(ROOT, '.bench/results/benchmarks/decode.json'), 'utf8');
  expect(JSON.parse(written)).toMatchObject({
    quick: true,
    goals: [],
    cases: [
      {
        name: '20 symbols',
        contestants: HERE.map((name) => ({ name, runs: [{ counts: { frames: 6000 } }] })),
      },
    ],
  });
});

test('a bench that is not there is named, with those that are', async () => {
  const run = promisify(execFile)(process.execPath, ['bench/main.ts', 'decoding'], { cwd: ROOT });
  await expect(run).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^expected one of .*decode.*, got decoding\n$/),
  });
});
