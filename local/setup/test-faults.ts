import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './folders.ts';
import { setUp } from './set-up.ts';
import { RUN_NEEDS, TEST_STEPS } from './steps.ts';

const HELP = `npm run test:faults [-- <vitest arguments>]

Sets up what the tests need and runs all of those under faults: the rows of test/faults/rows.ts, the bad
input and the security tests. The seed that the faults are drawn from is printed; the same one gives the
same faults.
  npm run test:faults -- test/faults/a-exporter  only one section
  npm run test:faults -- -t "A9 "                only one row
  FAULT_SEED=7 npm run test:faults               with that seed`;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  try {
    await setUp(TEST_STEPS, { needs: RUN_NEEDS });
    process.exitCode = await runVitest(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function runVitest(vitestArgs: readonly string[]): Promise<number> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const seed = process.env['FAULT_SEED'] ?? String(Date.now() % 2 ** 31);
  console.log(`FAULT_SEED=${seed}`);
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--config', 'vitest.faults.config.ts', ...vitestArgs],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, FAULT_SEED: seed } },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
