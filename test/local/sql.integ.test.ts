import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { stateFileIn, writeState } from '#local/supervisor/state-file.ts';
import type { PartState } from '#local/supervisor/state-file.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import type { Emulator } from '#test/local/start-emulator.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startWarehouse();
  writeRun(emulator.options.folder, { warehouse: { url: emulator.url, state: 'running' } });
  await using transformer = await connectAs(emulator.options, 'transformer');
  await transformer.execute(
    `create or replace table marts.prices (symbol varchar, price number(38, 18), trades int, note varchar)`,
  );
  await transformer.execute(
    "insert into marts.prices values ('BTCUSDT', 112731.29, 1459, ?), ('ETH', 0.5, null, '')",
    ['says "hi",\nthen goes'],
  );
});

afterAll(() => emulator[Symbol.asyncDispose]());

const ALL = 'select * from marts.prices order by symbol';

test('a table lines its columns up, numbers to the right, and shows what is NULL and what is a new line', async () => {
  expect(await sql(ALL)).toEqual({
    code: 0,
    stderr: '',
    stdout: String.raw`SYMBOL                       PRICE  TRADES  NOTE
-------  -------------------------  ------  ---------------------
BTCUSDT  112731.290000000000000000    1459  says "hi",\nthen goes
ETH           0.500000000000000000    NULL
(2 rows)
`,
  });
});

test('JSON has a row as an object, with every digit', async () => {
  const { stdout } = await sql(ALL, '--json');
  expect(JSON.parse(stdout)).toEqual([
    { SYMBOL: 'BTCUSDT', PRICE: '112731.290000000000000000', TRADES: 1459, NOTE: 'says "hi",\nthen goes' },
    { SYMBOL: 'ETH', PRICE: '0.500000000000000000', TRADES: null, NOTE: '' },
  ]);
});

test('CSV quotes what needs it, and an empty text is no NULL', async () => {
  const { stdout } = await sql(ALL, '--csv');
  expect(stdout).toBe(
    'SYMBOL,PRICE,TRADES,NOTE\r\n' +
      'BTCUSDT,112731.290000000000000000,1459,"says ""hi"",\nthen goes"\r\n' +
      'ETH,0.500000000000000000,,""\n',
  );
});

test('a table without rows shows its columns all the same', async () => {
  const { stdout } = await sql('select symbol, trades from marts.prices where false');
  expect(stdout).toBe('SYMBOL  TRADES\n------  ------\n(0 rows)\n');
});

test('statements from stdin run one by one in one session', async () => {
  const { stdout } = await run([], `use schema marts; -- once\nselect count(*) as rows_there from prices;`);
  expect(stdout).toContain('ROWS_THERE\n----------\n         2\n(1 row)\n');
});

test.for([
  [['insert into marts.prices (symbol) values (1)'], /Insufficient privileges .*CRYPTO_READER/],
  [['select * from marts.nothing'], /NOTHING/],
  [['selec 1'], /syntax error line 1/],
  [['select 1; select 2', '--json'], /^expected one statement for --json, got 2$/],
  [['/* nothing */;'], /^expected a statement, got none/],
  [["select 'no end"], /^line 1: expected an end/],
] as const)('%o is refused in one line', async ([args, message]) => {
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.trimEnd()).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('another role may do what the reader may not', async () => {
  const insert = "insert into raw.absent_minutes (symbol) values ('X')";
  expect((await run([insert])).code).toBe(1);
  expect((await run([insert, '--role', 'loader'])).code).toBe(0);
});

test('without a running pipeline, or without a warehouse in it, it says what to do', async () => {
  await using folder = await temporaryFolder();
  const ask = () => run(['select 1', '--data', folder.path]);
  expect((await ask()).stderr).toContain('got none: start it with `npm start`');
  writeRun(folder.path, { kafka: { url: '127.0.0.1:1', state: 'running' } });
  expect((await ask()).stderr).toContain('start it without --no-batch');
  writeRun(folder.path, { warehouse: { url: 'http://127.0.0.1:1', state: 'restarting' } });
  expect((await ask()).stderr).toContain('got one that is restarting: see `npm run status`');
});

/** As the supervisor would, which here is the test. */
function writeRun(folder: string, parts: Readonly<Record<string, PartState>>): void {
  writeState(stateFileIn(folder), {
    ready: true,
    source: 'replay',
    startedAt: new Date().toISOString(),
    supervisor: { pid: process.pid, identity: identityOfProcess(process.pid) ?? '' },
    parts,
  });
}

function sql(text: string, ...options: readonly string[]) {
  return run([text, ...options]);
}

async function run(args: readonly string[], stdin = '') {
  const data = args.includes('--data') ? [] : ['--data', emulator.options.folder];
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const program = join(ROOT, 'local', 'sql.ts');
    const child = execFile(process.execPath, [program, ...data, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });
}
