import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

test(
  'the tiny boundary bench runs the whole live path, and every symbol comes to be queryable',
  { timeout: 120_000 },
  async () => {
    const args = ['bench/main.ts', 'boundary', '--quick', '--runs', '1', '--only', 'ours'];
    await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    const written = await readFile(join(ROOT, '.bench/results/benchmarks/boundary.json'), 'utf8');
    expect(JSON.parse(written)).toMatchObject({
      quick: true,
      cases: [{ contestants: [{ name: 'ours', runs: [{ counts: { samples: 20 } }] }] }],
    });
  },
);
