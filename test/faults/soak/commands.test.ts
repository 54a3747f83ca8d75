import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, FAULT_SEED: '7' } });

test('one file of the tests under faults runs by their command, with the seed that is given', async () => {
  const file = 'test/faults/fuzz/settings.short.faults.ts';
  const { stdout } = await run('local/setup/test-faults.ts', file);
  expect(stdout).toContain('FAULT_SEED=7');
  expect(stdout).toMatch(/Test Files.*1 passed/);
}, 120_000);

test('a soak says what it wants in place of what makes no sense, before anything starts', async () => {
  await expect(run('test/faults/soak/main.ts', '--symbols', 'many')).rejects.toThrow(
    'expected a number above 0',
  );
  const { stdout } = await run('test/faults/soak/main.ts', '--help');
  for (const option of ['--minutes', '--symbols', '--speed', '--seed', '--lose', '--out'])
    expect(stdout).toContain(option);
});
