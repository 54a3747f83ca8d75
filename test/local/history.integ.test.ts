import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '#local/exchange/clock.ts';
import { startExchange } from '#local/exchange/start.ts';
import { ROOT } from '#local/setup/folders.ts';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { stateFileIn, writeState } from '#local/supervisor/state-file.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const DAY_MS = 86_400_000;

/** Nothing of this process's own environment that could lead the loader elsewhere. */
function history(...args: readonly string[]) {
  const env = { PATH: process.env['PATH'] ?? '' };
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, 'local', 'history.ts'), ...args],
      { env },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('loads what the running pipeline streams, from its exchange into its warehouse', async () => {
  // Noon of yesterday, and it stays so: a run may cross midnight without another result.
  const noonMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
  await using exchange = await startExchange({ symbols: 2, wall: manualClock(noonMs) });
  await using emulator = await startWarehouse();
  const { folder } = emulator.options;
  const identity = identityOfProcess(process.pid);
  if (identity === undefined) throw new Error('expected this process to have an identity');
  writeState(stateFileIn(folder), {
    ready: true,
    source: 'replay',
    startedAt: new Date().toISOString(),
    supervisor: { pid: process.pid, identity },
    parts: {
      exchange: { url: exchange.url, state: 'running' },
      warehouse: { url: emulator.url, state: 'running' },
    },
  });
  await using sql = await connectAs(emulator.options, 'admin');
  await sql.execute(
    `INSERT INTO RAW.CANDLES_STREAM SELECT PARSE_JSON('{"offset":1}'), PARSE_JSON('{"symbol":"ETHUSDT"}')`,
  );
  const run = await history('--data', folder);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^loaded +7 \(/) });
  expect(JSON.parse(run.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ loaded: 7, failed: 0 });
  const [row] = await sql.execute(
    'SELECT COUNT(DISTINCT OPEN_TIME) AS MINUTES, MIN(SYMBOL) AS FIRST, MAX(SYMBOL) AS LAST FROM RAW.CANDLES_ARCHIVE',
  );
  expect(row).toMatchObject({ FIRST: 'ETHUSDT', LAST: 'ETHUSDT' });
  expect(Number(row?.['MINUTES'])).toBe(6 * 1440 + 12 * 60 - 5);
  expect((await history('--data', folder, '--from', 'yesterday')).code).toBe(2);
});

test('says when no pipeline runs, and explains itself', async () => {
  await using folder = await temporaryFolder();
  const run = await history('--data', folder.path);
  expect(run.stderr).toContain(
    `expected a running pipeline in ${folder.path}, got none: start it with \`npm start\``,
  );
  expect(run.code).toBe(1);
  expect((await history('--help')).stdout).toContain('--symbols <list>');
});
