import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';

// a run that loses candles says so after a minute without any
vi.setConfig({ testTimeout: 180_000 });

const ROOT = join(import.meta.dirname, '..', '..');

test('the tiny memory bench runs twice on one broker, and neither exporter takes the candles of the other for its own', async () => {
  const args = ['bench/main.ts', 'memory', '--quick', '--runs', '2', '--only', 'ours'];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const written = await readFile(join(ROOT, '.bench/results/benchmarks/memory.json'), 'utf8');
  const counts = { closed: 30_000, failed: 0, inTopic: 30_000, distinct: 30_000 };
  expect(JSON.parse(written)).toMatchObject({
    quick: true,
    cases: [{ contestants: [{ name: 'ours', runs: [{ counts }, { counts }] }] }],
  });
});
