import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { faultSeed } from '#test/faults/fuzz/random.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');

const runSoak = async (folder: string, ...options: readonly string[]) =>
  promisify(execFile)(
    'npm',
    ['run', '--silent', 'soak', '--', '--symbols', '5', '--out', folder, ...options],
    {
      cwd: ROOT,
    },
  );

test('a short soak by its command loses nothing, and leaves its report', async () => {
  await using folder = await temporaryFolder();
  const { stdout } = await runSoak(folder.path, '--minutes', '1', '--seed', String(faultSeed('soak')));
  expect(stdout).toContain('# Soak: nothing lost');
  expect(JSON.parse(readFileSync(join(folder.path, 'report.json'), 'utf8'))).toMatchObject({
    passed: true,
    minutes: 1,
    symbols: 5,
    kafka: { lost: [] },
  });
  expect(stdout).toContain(readFileSync(join(folder.path, 'report.md'), 'utf8'));
}, 600_000);

test('a soak in which Kafka loses records ends with 1, and its report names the candles', async () => {
  await using folder = await temporaryFolder();
  await expect(
    runSoak(folder.path, '--lose', '--minutes', '0.3', '--seed', String(faultSeed('lose'))),
  ).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/as was asked for[^]*# Soak: \d+ problems/),
  });
  const { passed, kafka, metrics } = JSON.parse(readFileSync(join(folder.path, 'report.json'), 'utf8')) as {
    passed: boolean;
    kafka: { lost: string[] };
    metrics: { absent: string[] };
  }; // as the soak writes it
  expect(passed).toBe(false);
  expect(kafka.lost.length).toBeGreaterThan(0);
  const report = readFileSync(join(folder.path, 'report.md'), 'utf8');
  for (const name of kafka.lost) expect(report).toContain(`- not in Kafka: ${name}`);
  // What Kafka lost later had reached the metrics before.
  expect(metrics.absent).toEqual([]);
}, 900_000);
