import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { faultSeed } from '#test/faults/fuzz/random.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('a short soak by its command loses nothing, and leaves its report', async () => {
  await using folder = await temporaryFolder();
  const args = [
    '--minutes',
    '1',
    '--symbols',
    '5',
    '--seed',
    String(faultSeed('soak')),
    '--out',
    folder.path,
  ];
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'soak', '--', ...args], {
    cwd: ROOT,
  });
  expect(stdout).toContain('# Soak: nothing lost');
  expect(JSON.parse(readFileSync(join(folder.path, 'report.json'), 'utf8'))).toMatchObject({
    passed: true,
    minutes: 1,
    symbols: 5,
    kafka: { lost: [] },
  });
  expect(stdout).toContain(readFileSync(join(folder.path, 'report.md'), 'utf8'));
}, 600_000);
