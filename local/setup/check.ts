import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './folders.ts';
import { NO_ANSWER } from './no-answer.ts';
import { pythonTool } from './python.ts';
import { runCommand } from './run-command.ts';
import { setUp } from './set-up.ts';
import { CHECK_STEPS } from './steps.ts';

interface Check {
  readonly name: string;
  readonly command: readonly [tool: string, ...args: string[]];
  /** How many files the tool looked at, from what it said, or from asking once more. */
  readonly files?: (output: string) => number | Promise<number>;
}

const DOCKERFILES = globSync('fargate/**/Dockerfile', { cwd: ROOT });
const RUFF = pythonTool('lint', 'ruff');

const CHECKS: readonly Check[] = [
  { name: 'format', command: [npmTool('oxfmt'), '--check'], files: saidAs(/ on (\d+) files?/) },
  { name: 'lint', command: [npmTool('oxlint'), '--deny-warnings'], files: saidAs(/ on (\d+) files?/) },
  { name: 'types', command: [npmTool('tsc'), '-p', '.'] },
  // The page's browser code has the DOM, and nothing else of ours may.
  { name: 'types of the page', command: [npmTool('tsc'), '-p', 'local/page/browser'] },
  { name: 'dead code', command: [npmTool('knip')] },
  {
    name: 'format of Python',
    command: [RUFF, 'format', '--check'],
    files: saidAs(/(\d+) files? (?:already |would be re)formatted/),
  },
  { name: 'lint of Python', command: [RUFF, 'check'], files: countPythonFiles },
  {
    name: "Snowflake's SQL",
    command: [pythonTool('lint', 'sqlfluff'), 'lint', '-v', '--disable-progress-bar', 'snowflake', 'dbt'],
    files: (output) => output.match(/^== \[.*\] (PASS|FAIL)$/gm)?.length ?? 0,
  },
  {
    name: "dbt's project",
    // dbt-bouncer fails by itself when its rules matched nothing
    command: [process.execPath, join(import.meta.dirname, 'check-dbt.ts')],
  },
  {
    name: 'Dockerfiles',
    command: [pythonTool('cloud', 'hadolint'), ...DOCKERFILES],
    files: () => DOCKERFILES.length,
  },
  {
    name: 'licences',
    command: [process.execPath, join(import.meta.dirname, 'check-licences.ts')],
    files: saidAs(/(\d+) packages? with a licence/),
  },
  {
    name: 'advisories on what is deployed',
    command: [process.execPath, join(import.meta.dirname, 'check-advisories.ts')],
  },
];

const HELP = `npm run check [-- --require-advisories]

Checks format, lint, types and dead code, also of the Python and the SQL, and the licences and known
weaknesses of npm packages.
  --require-advisories  fail if the npm registry does not say whether there are advisories: before a
                        release, as a registry without that service is common and otherwise only told of`;

const given = process.argv.slice(2);
if (given.some((arg) => arg !== '--require-advisories')) {
  console.log(HELP);
  process.exitCode = given.some((arg) => arg === '--help' || arg === '-h') ? 0 : 2;
} else {
  try {
    process.exitCode = (await runChecks(given.length > 0)) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function runChecks(needsAnswers: boolean): Promise<boolean> {
  await setUp(CHECK_STEPS);
  const results = await Promise.all(CHECKS.map(runCheck));
  for (const { name, state, output } of results) {
    if (state !== 'ok') console.log(`${name}:\n${output.trimEnd()}\n`);
  }
  for (const { name, state, note } of results) console.log(`${state.padEnd(7)} ${name}${note}`);
  return results.every(({ state }) => state === 'ok' || (state === 'UNKNOWN' && !needsAnswers));
}

async function runCheck({ name, command, files }: Check) {
  const [tool, ...args] = command;
  const child = spawn(tool, args, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === NO_ANSWER) return { name, state: 'UNKNOWN', output, note: '' };
  if (files === undefined) return { name, state: code === 0 ? 'ok' : 'FAILED', output, note: '' };
  const count = await files(output);
  if (count === 0) output += `\nexpected ${tool} to look at files, got none`;
  return { name, state: code === 0 && count > 0 ? 'ok' : 'FAILED', output, note: ` (${count} files)` };
}

async function countPythonFiles(): Promise<number> {
  const output = await runCommand(RUFF, ['check', '--show-files'], { cwd: ROOT });
  return output.split('\n').filter((line) => line.endsWith('.py')).length;
}

function npmTool(name: string): string {
  return join(ROOT, 'node_modules', '.bin', name);
}

function saidAs(pattern: RegExp): (output: string) => number {
  return (output) => Number(pattern.exec(output)?.[1] ?? 0);
}
