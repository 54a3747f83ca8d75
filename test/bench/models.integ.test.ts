import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** dbt itself takes a minute, and is run by the tests of its models. */
test(
  'the tiny models bench lands its history and the hour after it, and finds all of both',
  { timeout: 120_000 },
  async () => {
    const args = ['bench/main.ts', 'models', '--quick', '--runs', '1', '--only', 'plain SQL'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    expect(stdout).toContain('20,000 candles');
    expect(stdout).toContain('plain SQL (DuckDB');
  },
);
