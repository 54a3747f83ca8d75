import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { ROOT } from './folders.ts';
import { pythonTool } from './python.ts';
import type { PythonEnvironment } from './python.ts';
import type { TestCounts } from './test-counts.ts';

/** What is tested in the language that it is written in, each in the environment that it runs in. */
export interface PythonSuite {
  readonly environment: PythonEnvironment;
  /** Or a file in it. */
  readonly folder: string;
}

const SUITES: readonly PythonSuite[] = [
  { environment: 'warehouse', folder: 'test/local/warehouse' },
  { environment: 'airflow', folder: 'test/mwaa' },
];

/** The suites that vitest's arguments mean too: all without any, else what they name of each. */
export function suitesFor(args: readonly string[]): readonly PythonSuite[] {
  if (args.length === 0) return SUITES;
  return SUITES.flatMap((suite) => {
    const inside = args
      .filter((arg) => arg.startsWith(`${suite.folder}/`))
      .map((folder) => ({ ...suite, folder }));
    const isNamed = args.some((arg) => arg.startsWith('test') && suite.folder.startsWith(arg));
    return isNamed ? [suite] : inside;
  });
}

export interface PythonSuiteRun {
  readonly counts: TestCounts;
  readonly output: string;
}

/** Runs pytest to its end; a suite that found no test is a failure. */
export async function runPythonSuite(
  { environment, folder }: PythonSuite,
  reportFile: string,
  onStart: (stop: (signal: NodeJS.Signals) => void) => void,
): Promise<PythonSuiteRun> {
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${reportFile}`, folder];
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(pythonTool(environment, 'python'), args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStart((signal) => child.kill(signal));
  let output = `\npytest ${folder}\n`;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const counts = await readCounts(reportFile, output);
  return { output, counts: code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 } };
}

async function readCounts(reportFile: string, output: string): Promise<TestCounts> {
  try {
    return junitCounts(await readFile(reportFile, 'utf8'));
  } catch (error) {
    throw new Error(`expected pytest's report, got none; it said: ${output}`, { cause: error });
  }
}

/** Sums a JUnit report's suites; throws on a report without any. */
export function junitCounts(xml: string): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const suites = [...xml.matchAll(/<testsuite ([^>]*)>/g)];
  if (suites.length === 0) throw new Error('expected a JUnit report with a test suite, got none');
  for (const [, attributes = ''] of suites) {
    const count = (name: string) => {
      const value = new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1];
      if (value === undefined) throw new Error(`expected a JUnit suite with a count of ${name}, got none`);
      return Number(value);
    };
    const [failed, skipped] = [count('failures') + count('errors'), count('skipped')];
    counts.failed += failed;
    counts.skipped += skipped;
    counts.passed += count('tests') - failed - skipped;
  }
  return counts;
}
