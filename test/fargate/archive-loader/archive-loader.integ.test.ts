import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '#local/exchange/clock.ts';
import { startExchange } from '#local/exchange/start.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { ROOT } from '#local/setup/folders.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import type { Warehouse } from '#snowflake/connection.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import type { Emulator } from '#test/local/start-emulator.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { candlesOf, stamp } from './loader-stand.ts';

const DAY_MS = 86_400_000;

let exchange: Exchange;
let emulator: Emulator;
let sql: Warehouse & AsyncDisposable;

beforeAll(async () => {
  // Noon of yesterday, and it stays so: no test sees a day end.
  const noonMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
  exchange = await startExchange({ symbols: 6, wall: manualClock(noonMs) });
  emulator = await startWarehouse();
  sql = await connectAs(emulator.options, 'admin');
});
afterAll(async () => {
  await sql[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
  await exchange[Symbol.asyncDispose]();
});
beforeEach(() => exchange.clearFaults());

/** The loader as a process; `signal` reaches it once that many files are in the manifest. */
async function loader(
  args: readonly string[],
  signal?: { readonly name: NodeJS.Signals; readonly files: number },
) {
  // where one that is killed leaves what it had under way
  await using temporary = await temporaryFolder();
  const child = spawn(process.execPath, [join(ROOT, 'fargate', 'archive-loader', 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: temporary.path,
      ...warehouseEnvironment(emulator.options, 'loader'),
      ARCHIVE_URL: exchange.url,
      BINANCE_REST_URLS: exchange.url,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close');
  if (signal) {
    const loaded = await count('SELECT COUNT(*) AS N FROM RAW.ARCHIVE_FILES');
    while ((await count('SELECT COUNT(*) AS N FROM RAW.ARCHIVE_FILES')) < loaded + signal.files)
      await sleep(20);
    child.kill(signal.name);
  }
  await closed;
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
  const summary: unknown = lastLine.startsWith('{') ? JSON.parse(lastLine) : undefined;
  return { code: child.exitCode, summary, stderr };
}

async function count(query: string): Promise<number> {
  return Number((await sql.execute(query))[0]?.['N']);
}

function day(daysAgo: number): string {
  return new Date(exchange.clock.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
}

/** What landed of a symbol, each candle once, up to the end of yesterday or to that time. */
async function landed(symbol: string): Promise<readonly string[]> {
  const rows = await sql.execute(
    `SELECT DISTINCT OPEN_TIME, CLOSE_TIME, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, CLOSE_PRICE, BASE_VOLUME, QUOTE_VOLUME,
       TAKER_BUY_BASE_VOLUME, TAKER_BUY_QUOTE_VOLUME, TRADES
     FROM RAW.CANDLES_ARCHIVE WHERE EXCHANGE = 'binance' AND CANDLE_INTERVAL = '1m' AND SYMBOL = ? ORDER BY OPEN_TIME`,
    [symbol],
  );
  return rows.map(({ OPEN_TIME, CLOSE_TIME, ...values }) =>
    [
      symbol,
      ...[OPEN_TIME, CLOSE_TIME].map((time) => stamp(Date.parse(String(time)))),
      ...Object.values(values),
    ].join(' '),
  );
}

/** Processes, an emulator and days of candles: seconds alone, more beside others. */
const SLOW = { timeout: 90_000 };

describe('the archive loader on a Snowflake emulator', () => {
  test(
    'lands archive and REST as they are, typed, says so, leaves nothing on the stage, and does nothing twice',
    SLOW,
    async () => {
      const args = ['--symbols', 'btcusdt,DRV0001USDT', '--from', day(2)];
      const first = await loader(args);
      expect(first.stderr).not.toContain('Error');
      expect(first).toMatchObject({
        code: 0,
        summary: { command: 'load', skipped: 0, missing: 0, refused: 0, failed: 0, stopped: false },
      });
      for (const symbol of ['BTCUSDT', 'DRV0001USDT']) {
        const candles = await landed(symbol);
        const until = candles.at(-1)?.split(' ').slice(1, 3).join('T');
        expect(exchange.clock.now() - Date.parse(`${until}Z`)).toBeLessThan(10 * 60_000);
        expect(candles).toEqual(candlesOf(exchange, symbol, `${day(2)}T00:00Z`, `${until}Z`));
      }
      const rows = await count('SELECT COUNT(*) AS N FROM RAW.CANDLES_ARCHIVE');
      expect(first.summary).toMatchObject({ rows });
      const manifest = await sql.execute('SELECT * FROM RAW.ARCHIVE_FILES ORDER BY FILE_NAME');
      expect(manifest).toContainEqual({
        FILE_NAME: `BTCUSDT-1m-${day(1)}.zip`,
        EXCHANGE: 'binance',
        SYMBOL: 'BTCUSDT',
        GRANULARITY: 'daily',
        FIRST_OPEN_TIME: `${day(1)}T00:00:00.000Z`,
        LAST_OPEN_TIME: `${day(1)}T23:59:00.000Z`,
        FILE_SHA256: expect.stringMatching(/^[0-9a-f]{64}$/),
        ROW_COUNT: 1440,
        LOADED_AT: expect.stringMatching(/Z$/),
      });
      const kept = await readdir(emulator.options.folder, { recursive: true });
      expect(kept.length).toBeGreaterThan(3);
      expect(kept.filter((name) => name.endsWith('.parquet'))).toEqual([]);
      const archiveRequests = exchange.stats.archiveRequests;
      const second = await loader([...args, '--to', day(1)]);
      expect(second).toMatchObject({ code: 0, summary: { loaded: 0, skipped: 4, rows: 0 } });
      expect(await count('SELECT COUNT(*) AS N FROM RAW.CANDLES_ARCHIVE')).toBe(rows);
      expect(exchange.stats.archiveRequests).toBe(archiveRequests);
    },
  );

  test.each([
    ['SIGKILL', 'ETHUSDT', null],
    ['SIGTERM', 'DRV0002USDT', 1],
  ] as const)(
    'that ends by %s in the middle is made whole by the next run',
    SLOW,
    async (name, symbol, code) => {
      const args = ['--symbols', symbol, '--from', day(8), '--to', day(1), '--at-once', '2'];
      const ended = await loader(args, { name, files: 2 });
      expect(ended.code).toBe(code);
      expect((ended.summary as { stopped?: boolean } | undefined)?.stopped).toBe(
        code === null ? undefined : true,
      ); // as it prints it
      const again = await loader(args);
      expect(again).toMatchObject({ code: 0, summary: { missing: 0, refused: 0, failed: 0 } });
      const { loaded, skipped } = again.summary as { loaded: number; skipped: number }; // as it prints it
      expect([loaded > 0, skipped >= 2, loaded + skipped]).toEqual([true, true, 8]);
      expect(await landed(symbol)).toEqual(
        candlesOf(exchange, symbol, `${day(8)}T00:00Z`, `${day(1)}T23:59Z`),
      );
    },
  );

  test(
    'E8 a file with a wrong checksum and a truncated one are refused by name, and a re-check finds the one that was rewritten',
    SLOW,
    async () => {
      exchange.inject({ kind: 'archive', how: 'wrong-checksum', file: day(3), symbols: ['DRV0003USDT'] });
      exchange.inject({ kind: 'archive', how: 'truncated', file: day(2), symbols: ['DRV0003USDT'] });
      const run = await loader(['--symbols', 'DRV0003USDT', '--from', day(3), '--to', day(1)]);
      expect(run).toMatchObject({ code: 1, summary: { loaded: 1, refused: 2 } });
      expect((run.summary as { refusedNames: string[] }).refusedNames.toSorted()).toEqual(
        [3, 2].map((days) => `DRV0003USDT-1m-${day(days)}.zip`),
      ); // as it prints it
      expect(run.stderr).toContain(`refused DRV0003USDT-1m-${day(3)}.zip: expected the SHA-256`);
      expect(run.stderr).toContain(`refused DRV0003USDT-1m-${day(2)}.zip: expected a whole zip`);
      expect(await count("SELECT COUNT(*) AS N FROM RAW.CANDLES_ARCHIVE WHERE SYMBOL = 'DRV0003USDT'")).toBe(
        1440,
      );
      exchange.clearFaults();
      exchange.inject({ kind: 'archive', how: 'rewritten', file: day(1), symbols: ['DRV0003USDT'] });
      const recheck = await loader(['recheck']);
      expect(recheck).toMatchObject({
        code: 0,
        summary: { command: 'recheck', loaded: 1, missing: 0, rows: 1440 },
      });
      expect(recheck.stderr).toContain(`rewritten DRV0003USDT-1m-${day(1)}.zip: loaded again`);
      expect(await count("SELECT COUNT(*) AS N FROM RAW.CANDLES_ARCHIVE WHERE SYMBOL = 'DRV0003USDT'")).toBe(
        2880,
      );
      expect(await loader(['recheck'])).toMatchObject({ code: 0, summary: { loaded: 0 } });
    },
  );

  test(
    'fills the gaps that the model calls ours, records what the exchange lacks too, and lands its symbols',
    SLOW,
    async () => {
      expect(await loader(['heal'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('expected the model MARTS.FCT_CANDLE_GAPS'),
      });
      const [first, last] = [`${day(1)}T10:00:00Z`, `${day(1)}T10:04:00Z`];
      await sql.execute(
        `CREATE TABLE MARTS.FCT_CANDLE_GAPS AS
       SELECT 'binance' AS EXCHANGE, SYMBOL, '${day(1)} 10:00:00'::TIMESTAMP_NTZ AS FIRST_OPEN_TIME,
         '${day(1)} 10:04:00'::TIMESTAMP_NTZ AS LAST_OPEN_TIME, 5 AS MISSING_MINUTES, GAP_CLASS
       FROM (VALUES ('DRV0004USDT', 'ours'), ('DRV0001USDT', 'exchange')) AS GAPS (SYMBOL, GAP_CLASS)`,
      );
      exchange.inject({
        kind: 'hole',
        at: 'exchange',
        from: Date.parse(last),
        to: Date.parse(last),
        symbols: ['DRV0004USDT'],
      });
      const run = await loader(['heal']);
      expect(run).toMatchObject({
        code: 0,
        summary: { loaded: 1, rows: 1439, absentMinutes: 1, askedMinutes: 5, leftMinutes: 0 },
      });
      expect(
        (await landed('DRV0004USDT')).filter((candle) => candle.includes(` ${first.slice(0, 10)} 10:0`)),
      ).toHaveLength(9);
      expect(await sql.execute('SELECT SYMBOL, OPEN_TIME, ASKED FROM RAW.ABSENT_MINUTES')).toEqual([
        { SYMBOL: 'DRV0004USDT', OPEN_TIME: `${day(1)}T10:04:00.000Z`, ASKED: 'rest' },
      ]);
      expect(await loader(['symbols'])).toMatchObject({ code: 0, summary: { loaded: 1, rows: 6 } });
      expect(
        await count(
          "SELECT COUNT(*) AS N FROM RAW.EXCHANGE_SYMBOLS WHERE STATUS = 'TRADING' AND FETCHED_AT > '2026-01-01'",
        ),
      ).toBe(6);
    },
  );

  test('takes the symbols that the stream landed when none is named', SLOW, async () => {
    await sql.execute(
      `INSERT INTO RAW.CANDLES_STREAM SELECT PARSE_JSON('{"offset":1}'), PARSE_JSON('{"symbol":"DRV0004USDT"}')`,
    );
    const run = await loader(['--from', day(1), '--to', day(1)]);
    expect(run).toMatchObject({ code: 0, summary: { loaded: 0, skipped: 1 } });
  });
});
