import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { STAGES } from '#lib/stages.ts';

test.each(Object.keys(STAGES))(
  'all stacks of %s are deployed by the real CDK to a stand-in for AWS, with what they publish',
  async (stage) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'deploy/emulated/main.ts'), '--stage', stage],
      // the CDK starts `node` by its name, which has to be this one
      { env: { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH']}` } },
    );
    const stacks = [...stdout.matchAll(/^ {2}(\S+): CREATE_COMPLETE, \d+ resources$/gm)].map(
      ([, name]) => name,
    );
    const parts = ['foundation', 'data', 'live', 'analytics', 'dashboards', 'operations'];
    expect(new Set(stacks)).toEqual(
      new Set(['CDKToolkit', ...parts.map((part) => `crypto-market-${stage}-${part}`)]),
    );
    expect(stdout).toMatch(/[1-9]\d* files and 1 images published, [1-9]\d* exports/);
  },
  300_000,
);
