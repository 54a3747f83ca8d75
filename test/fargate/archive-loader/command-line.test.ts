import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { progressLine, showProgress } from '#fargate/archive-loader/progress.ts';
import { exitCodeOf, summaryLine, summaryTable } from '#fargate/archive-loader/summary.ts';

const MAIN = fileURLToPath(new URL('../../../fargate/archive-loader/main.ts', import.meta.url));

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number | null]; // the event's own shape
  return { code, output };
}

describe('the command line', () => {
  test.each([
    [['--symbols', 'BTC/USDT'], 'expected a list like BTCUSDT,ETHUSDT, or streamed'],
    [
      ['load', '--from', '2025-02-30'],
      'expected a date like 2025-01-31, or a minute in UTC like 2025-01-31T23:59Z',
    ],
    [['--from', '2025-01-01T00:00'], 'expected a date like'],
    [['--from', '2025-01-02', '--to', '2025-01-01'], 'expected --from before --to'],
    [['--from', '2999-01-01', '--to', '2999-01-02'], 'expected --from in the past'],
    [['heal', '--max-minutes', '0'], 'expected a whole number from 1 to 100000000'],
    [['--colour', 'red'], "unknown option '--colour'"],
    [['mend'], 'mend'],
    [['load'], 'SNOWFLAKE_ACCOUNT: '],
  ])('answers %j with what was expected, and 2', async (args, message) => {
    const { code, output } = await run(args);
    expect(output).toContain(message);
    expect(code).toBe(2);
  });

  test('names a variable that is wrong', async () => {
    const { code, output } = await run(['load'], { ARCHIVE_URL: 'ftp://example.org' });
    expect(output).toContain(
      'ARCHIVE_URL: expected a URL that starts with https:// or http://, got "ftp://example.org"',
    );
    expect(code).toBe(2);
  });

  test('explains itself', async () => {
    const { code, output } = await run(['--help']);
    expect(output).toMatch(/load.*heal.*recheck.*symbols.*Exit code/s);
    expect(code).toBe(0);
    expect((await run(['recheck', '--help'])).output).toMatch(/newest 60 days.*one\s+day in 30.*--all/s);
  });
});

describe('progress', () => {
  test('tells share, rows, rate and the time left', () => {
    const state = {
      expected: 1_785_600,
      worked: 446_400,
      rows: 446_400,
      name: 'BTCUSDT-1m-2025-03.zip',
      elapsedMs: 4800,
    };
    expect(progressLine(state)).toBe(
      '[######------------------]  25 %, 446,400 rows, 93,000 rows/s, 0:15 left, BTCUSDT-1m-2025-03.zip',
    );
    expect(progressLine({ ...state, elapsedMs: 4_800_000 })).toContain(', 93 rows/s, 4:00:00 left, ');
    expect(progressLine({ ...state, worked: 0, rows: 0, name: '', elapsedMs: 0 })).toBe(
      '[------------------------]   0 %, 0 rows, 0 rows/s',
    );
  });

  test.each([
    [true, ['\r\u001B[2Krefused x\n', '\r\u001B[2K[########################] 100 %', '\n']],
    [false, ['refused x\n', '[########################] 100 %, 10 rows, 1 rows/s, 0:00 left, x\n']],
  ])('is one line that changes on a terminal (%s), and lines elsewhere', (isTTY, expected) => {
    const written: string[] = [];
    const screen = { isTTY, columns: 33, write: (text: string) => written.push(text) };
    let now = 0;
    const progress = showProgress(screen, () => now);
    progress.expect(20);
    progress.skip(10);
    progress.say('refused x');
    progress.advance(10);
    progress.landed(10, 'x');
    now = 10_000;
    progress[Symbol.dispose]();
    expect(written).toEqual(expected);
  });
});

describe('the summary', () => {
  const summary = {
    command: 'load',
    seconds: 12.3,
    stopped: false,
    pieces: { loaded: 12, skipped: 3, missing: 1, refused: 1, failed: 0 },
    rows: 535_680,
    absentMinutes: 3,
    problems: [
      { kind: 'missing', name: 'A.zip', reason: 'before the listing' },
      { kind: 'refused', name: 'B.zip', reason: 'expected a, got b' },
    ],
    warnings: [{ name: 'C.zip', reason: 'refused, and REST filled in' }],
  } as const;

  test('is a table for people', () => {
    expect(summaryTable(summary)).toEqual([
      'loaded  12 (535,680 rows)',
      'skipped  3',
      'missing  1',
      'refused  1',
      'failed   0',
      '3 minutes recorded that the exchange does not have',
      'missing A.zip: before the listing',
      'refused B.zip: expected a, got b',
      'warning C.zip: refused, and REST filled in',
      'done after 12.3 s',
    ]);
  });

  test('of a re-check says how many files of how many were looked at', () => {
    const recheck = { ...summary, command: 'recheck', recheckedFiles: 3, knownFiles: 12_345 };
    expect(summaryTable(recheck)).toContain('looked at 3 of 12,345 loaded files');
    expect(JSON.parse(summaryLine(recheck))).toMatchObject({ recheckedFiles: 3, knownFiles: 12_345 });
  });

  test('is one line of JSON for programs', () => {
    expect(JSON.parse(summaryLine(summary))).toEqual({
      command: 'load',
      seconds: 12.3,
      stopped: false,
      rows: 535_680,
      absentMinutes: 3,
      ...summary.pieces,
      refusedNames: ['B.zip'],
      failedNames: [],
      warningNames: ['C.zip'],
    });
  });

  test('ends in 0 only when nothing was refused, failed or left undone', () => {
    const well = { ...summary, pieces: { ...summary.pieces, refused: 0 } };
    expect([summary, well, { ...well, stopped: true }].map(exitCodeOf)).toEqual([1, 0, 1]);
    expect(exitCodeOf({ ...well, pieces: { ...well.pieces, failed: 1 } })).toBe(1);
  });
});
