import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './folders.ts';
import { setUp } from './set-up.ts';
import { RUN_NEEDS, TEST_STEPS } from './steps.ts';
import { describeCounts, testCounts } from './test-counts.ts';

const HELP = `npm test [-- <vitest arguments>]

Sets up what the tests need, runs them with vitest, and closes with a line "N passed, N failed".
  npm test -- test/domain            only the tests of one folder
  npm test -- -t "some test's name"  only the tests of that name`;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  try {
    process.exitCode = await runTests(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function runTests(vitestArgs: readonly string[]): Promise<number> {
  await setUp(TEST_STEPS, { needs: RUN_NEEDS });
  const folder = await mkdtemp(join(tmpdir(), 'crypto-market-report-'));
  try {
    const report = join(folder, 'report.json');
    const exitCode = await runVitest([
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...vitestArgs,
    ]);
    const counts = testCounts(await readReport(report));
    console.log(`\n${describeCounts(counts)}`);
    if (counts.passed + counts.failed > 0) return exitCode === 0 && counts.failed > 0 ? 1 : exitCode;
    console.error('expected at least one test to run, got none: check the arguments after `--`');
    return exitCode || 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runVitest(vitestArgs: readonly string[]): Promise<number> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, ...vitestArgs], { cwd: ROOT, stdio: 'inherit' });
  // vitest ends by itself on these, and this process has to report after it
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** An absent report is one without tests: vitest did not get that far, and said why. */
async function readReport(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { testResults: [] };
    throw error;
  }
}
