import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './folders.ts';
import { runPythonSuite, suitesFor } from './python-tests.ts';
import type { PythonSuiteRun } from './python-tests.ts';
import { setUp } from './set-up.ts';
import { RUN_NEEDS, TEST_STEPS } from './steps.ts';
import { addCounts, describeCounts, testCounts } from './test-counts.ts';

const HELP = `npm test [-- <vitest arguments>]

Sets up what the tests need, runs them with vitest, then those in Python with pytest, and closes with a
line "N passed, N failed".
  npm test -- test/domain            only the tests of one folder
  npm test -- -t "some test's name"  only the tests of that name`;

let isStopped = false;
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
    const python = runPythonSuites(vitestArgs, folder);
    python.catch(() => undefined); // thrown where it is awaited, once vitest has ended too
    const exitCode = await runVitest([
      'run',
      '--passWithNoTests', // counted below
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...vitestArgs,
    ]);
    let counts = testCounts(await readReport(report));
    for (const suite of await python) {
      console.log(suite.output);
      counts = addCounts(counts, suite.counts);
    }
    console.log(`\n${describeCounts(counts)}`);
    if (counts.passed + counts.failed === 0) {
      console.error('expected at least one test to run, got none: check the arguments after `--`');
      return exitCode || 1;
    }
    return counts.failed > 0 ? exitCode || 1 : exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One after the other, beside vitest: what they said is shown after it. */
async function runPythonSuites(vitestArgs: readonly string[], folder: string): Promise<PythonSuiteRun[]> {
  const runs: PythonSuiteRun[] = [];
  for (const suite of suitesFor(vitestArgs)) {
    if (isStopped) break;
    const file = join(folder, `${suite.environment}.xml`);
    // oxlint-disable-next-line no-await-in-loop -- they share the machine
    runs.push(await runPythonSuite(suite, file, stopOnSignal));
  }
  return runs;
}

async function runVitest(vitestArgs: readonly string[]): Promise<number> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, ...vitestArgs], { cwd: ROOT, stdio: 'inherit' });
  stopOnSignal((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** A runner ends by itself on these, and this process has to report after it. */
function stopOnSignal(stop: (signal: NodeJS.Signals) => void): void {
  const onSignal = (signal: NodeJS.Signals) => {
    isStopped = true;
    stop(signal);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
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
