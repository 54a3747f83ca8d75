import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** Contestants that need nothing from a registry. */
const HERE = ['ours', 'bare kafkajs batch loop'];

test('the tiny publish bench runs whole, and reads every candle back from a real broker', async () => {
  const args = ['bench/main.ts', 'publish', '--quick', '--runs', '1', '--only', HERE.join(',')];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const written = await readFile(join(ROOT, '.bench/results/benchmarks/publish.json'), 'utf8');
  const counts = { published: 1000, inTopic: 1000, distinct: 1000 };
  expect(JSON.parse(written)).toMatchObject({
    quick: true,
    cases: [{ contestants: HERE.map((name) => ({ name, runs: [{ counts }] })) }],
  });
});
