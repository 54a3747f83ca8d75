import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './folders.ts';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Where the tool says how many files it looked at. */
  readonly filesPattern?: RegExp;
}

const CHECKS: readonly Check[] = [
  { name: 'format', command: ['oxfmt', '--check'], filesPattern: / on (\d+) files?/ },
  { name: 'lint', command: ['oxlint', '--deny-warnings'], filesPattern: / on (\d+) files?/ },
  { name: 'types', command: ['tsc', '-p', '.'] },
  // The page's browser code has the DOM, and nothing else of ours may.
  { name: 'types of the page', command: ['tsc', '-p', 'local/page/browser'] },
  { name: 'dead code', command: ['knip'] },
];

if (process.argv.length > 2) {
  console.log('npm run check\n\nChecks format, lint, types and dead code; takes no arguments.');
  process.exitCode = process.argv.some((arg) => arg === '--help' || arg === '-h') ? 0 : 2;
} else {
  const results = await Promise.all(CHECKS.map(runCheck));
  for (const { name, ok, output } of results) {
    if (!ok) console.log(`${name}:\n${output.trimEnd()}\n`);
  }
  for (const { name, ok, note } of results) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}${note}`);
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
}

async function runCheck({ name, command, filesPattern }: Check) {
  const [tool, ...args] = command;
  const child = spawn(join(ROOT, 'node_modules', '.bin', tool), args, {
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
  if (filesPattern === undefined) return { name, ok: code === 0, output, note: '' };
  const files = Number(filesPattern.exec(output)?.[1] ?? 0);
  if (files === 0) output += `\nexpected ${tool} to look at files, got none`;
  return { name, ok: code === 0 && files > 0, output, note: ` (${files} files)` };
}
