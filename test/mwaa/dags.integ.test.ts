import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { startExchange } from '#local/exchange/start.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { landStream, landSymbols } from '#test/dbt/land.ts';
import { exchangeCandles } from '#test/e2e/play-exporter.ts';
import { startHttpServer } from '#test/http-server.ts';
import type { HttpServer } from '#test/http-server.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import { startAirflow } from './airflow-stand.ts';
import type { AirflowStand } from './airflow-stand.ts';

// Every DAG for real: Airflow, dbt, the archive loader and the quality exporter, on the emulator and the replay exchange.
vi.setConfig({ testTimeout: 600_000 });
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;
/** Streamed only after the nightly run, which would fill its gap: just after midnight that is of a day with an archive. */
const CUT_SYMBOL = 'DRV0001USDT';
const MINUTES = 40;
const stack = new AsyncDisposableStack();
let airflow: AirflowStand;
let sql: ConnectedWarehouse;
let prometheus: HttpServer;
let exchange: Exchange;
/** Open time of the last minute that is streamed. */
let lastMs: number;

beforeAll(async () => {
  const { options } = stack.use(await startWarehouse());
  exchange = stack.use(await startExchange({ symbols: [...SYMBOLS, CUT_SYMBOL] }));
  prometheus = stack.use(await startHttpServer((_, response) => response.writeHead(204).end()));
  sql = stack.use(await connectAs(options, 'admin'));
  airflow = stack.use(
    await startAirflow(options.folder, {
      dbt: warehouseEnvironment(options, 'transformer'),
      'archive-loader': {
        ...warehouseEnvironment(options, 'loader'),
        BINANCE_REST_URLS: exchange.url,
        ARCHIVE_URL: exchange.url,
      },
      'quality-exporter': {
        ...warehouseEnvironment(options, 'reader'),
        REMOTE_WRITE_URL: `${prometheus.url}/api/v1/write`,
        REMOTE_WRITE_AUTH: 'none',
      },
    }),
  );
  lastMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  for (const [partition, symbol] of SYMBOLS.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await stream(symbol, partition);
  }
  await landSymbols(sql, { BTCUSDT: 'TRADING', ETHUSDT: 'TRADING' }, Date.now());
});

afterAll(() => stack.disposeAsync());

test('E2 two DAGs that build at once take turns, and both end well', async () => {
  const begunMs = Date.now();
  await using lock = await holdTheLock(airflow.artifacts);
  const waiting = Promise.withResolvers<undefined>();
  const waits = new Set<string>();
  const start = (dag: string) =>
    airflow.test(dag, undefined, (output) => {
      if (output.includes('waiting for the dbt build of the test')) waits.add(dag);
      if (waits.size === 2) waiting.resolve(undefined);
    });
  const runs = ['market_models', 'history_reconcile'].map((dag) => start(dag));
  const early = await Promise.race([waiting.promise, ...runs]);
  expect(early, early && `expected both to wait for the lock, one ended: ${early.output.slice(-5000)}`).toBe(
    undefined,
  );
  lock.release();
  const ended = await Promise.all(runs);
  for (const { exitCode, output } of ended) expect(exitCode, output.slice(-5000)).toBe(0);
  const said = ended.map(({ output }) => output).join('');
  expect(said).toMatch(/waiting for the dbt build of (market_models|history_reconcile)\.build of manual__/);

  const [first, second] = (await Promise.all(['market_models', 'history_reconcile'].map(buildOf))).toSorted(
    (a, b) => a.startedMs - b.startedMs,
  );
  expect(first?.endedMs).toBeLessThan(second?.startedMs ?? 0);
  // of yesterday and the two days before, by the clock of the run
  const history = await sql.execute(
    'select open_time::date::varchar as day, count(*) as n from raw.candles_archive group by day order by day',
  );
  const [run = ''] = await readdir(join(airflow.artifacts, 'history_reconcile'));
  const runMs = Date.parse(`${run.slice('manual__'.length, 'manual__YYYY-MM-DD'.length)}T00:00:00Z`);
  expect(history.map(({ DAY }) => DAY)).toEqual([3, 2, 1].map((days) => dayBefore(runMs, days)));
  // the last minutes of a day are too young to ask for in the first ones of the next
  const isSettled = begunMs - runMs >= 10 * MINUTE_MS;
  const [oldest, middle, youngest = 0] = history.map(({ N }) => Number(N));
  expect([oldest, middle]).toEqual([2 * 1440, 2 * 1440]);
  expect(youngest).toBeGreaterThanOrEqual(isSettled ? 2 * 1440 : 2 * 1430);
  const [manifest] = await sql.execute('select sum(row_count) as n from raw.archive_files');
  expect(manifest).toEqual({ N: 4 * 1440 + youngest });
  expect(prometheus.requests.length).toBeGreaterThanOrEqual(2);
});

test('artifacts of every task are kept, the newest by DAG', async () => {
  for (const dag of ['market_models', 'history_reconcile']) {
    const [run = '', ...more] = await readdir(join(airflow.artifacts, dag));
    expect([run.slice(0, 8), more]).toEqual(['manual__', []]);
    const [built, fresh] = [['manifest.json', 'run_results.json'], ['sources.json']];
    const kept = async (...place: string[]) =>
      (await readdir(join(airflow.artifacts, ...place))).toSorted((a, b) => a.localeCompare(b));
    expect(await kept(dag, run)).toEqual(['build', 'freshness']);
    expect(await kept(dag, run, 'build')).toEqual(built);
    expect(await kept(dag, run, 'freshness')).toEqual(fresh);
    expect(await kept('latest', dag)).toEqual([...built, ...fresh]);
  }
});

test('a minute that was missed is found, filled and verified; the next run finds none and does no more', async () => {
  // as in the exchange's first hours of a day: the file of the day before is not there yet
  exchange.inject({ kind: 'archive', how: 'absent', symbols: [CUT_SYMBOL] });
  const cutMs = lastMs - 25 * MINUTE_MS;
  await stream(CUT_SYMBOL, SYMBOLS.length, cutMs);

  const healing = await airflow.test('heal_gaps');
  expect(healing.exitCode, healing.output.slice(-5000)).toBe(0);
  expect(healing.output).toContain('1 gaps of ours, 1 minutes');
  expect(healing.output).toContain('0 of 1 minutes are left, as the loader said');
  const gaps = await sql.execute("select * from marts.fct_candle_gaps where gap_class = 'ours'");
  expect(gaps).toEqual([]);
  const healed = await sql.execute(
    `select source from marts.fct_candles_1m
     where symbol = '${CUT_SYMBOL}' and open_time = '${toInstant(cutMs).slice(0, -1)}'`,
  );
  expect(healed).toEqual([{ SOURCE: 'rest' }]);

  const sent = prometheus.requests.length;
  const again = await airflow.test('heal_gaps');
  expect(again.exitCode, again.output.slice(-5000)).toBe(0);
  expect(again.output).toContain('0 gaps of ours, 0 minutes');
  expect(again.output).not.toContain('archive-loader heal');
  expect(prometheus.requests.length).toBeGreaterThan(sent);
});

test('a backfill loads what was asked for, and refuses what makes no sense before anything starts', async () => {
  const day = dayBefore(Date.now(), 9);
  const done = await airflow.test('backfill', { symbols: 'BTCUSDT', from: day, to: day });
  expect(done.exitCode, done.output.slice(-5000)).toBe(0);
  const loaded = await sql.execute(
    `select count(*) as n from marts.fct_candles_1m where symbol = 'BTCUSDT' and open_time::date = '${day}'`,
  );
  expect(loaded).toEqual([{ N: 1440 }]);

  const refused = await airflow.test('backfill', { symbols: 'btcusdt', from: day, to: '2017-01-01' });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toContain(
    "expected symbols in capitals like BTCUSDT, got 'btcusdt'; expected from to be no later",
  );
  expect(refused.output).not.toContain('archive-loader load');
  const alerts = await readFile(join(airflow.artifacts, '..', 'airflow', 'alerts.jsonl'), 'utf8');
  const lines = alerts
    .trimEnd()
    .split('\n')
    .map((line) => alertSchema.parse(JSON.parse(line)));
  expect(lines.map(({ dag_id, task_id }) => `${dag_id}.${task_id}`)).toEqual(['backfill.check']);
});

const alertSchema = z.object({ dag_id: z.string(), task_id: z.string() });

/** As the connector lands what the exporter publishes, up to the last minute; the one that is cut is left out. */
async function stream(symbol: string, partition: number, cutMs?: number): Promise<void> {
  const firstMs = lastMs - (MINUTES - 1) * MINUTE_MS;
  const closed = await exchangeCandles(exchange.url, symbol, firstMs, lastMs);
  const candles = closed.filter(({ openTime }) => Date.parse(openTime) !== cutMs);
  expect(candles).toHaveLength(cutMs === undefined ? MINUTES : MINUTES - 1);
  const content = candles.map((candle, offset) => ({
    partition,
    offset,
    landedMs: Date.parse(candle.openTime) + MINUTE_MS + 2000,
    content: { ...candle, source: 'websocket', publishedTime: candle.receivedTime },
  }));
  await landStream(sql, content);
}

/** As `YYYY-MM-DD`, UTC. */
function dayBefore(timeMs: number, days: number): string {
  return toInstant(timeMs - days * 86_400_000).slice(0, 10);
}

/** When dbt itself says that it worked. */
async function buildOf(dag: string) {
  const text = await readFile(join(airflow.artifacts, 'latest', dag, 'run_results.json'), 'utf8');
  const { metadata, elapsed_time } = resultsSchema.parse(JSON.parse(text));
  const endedMs = Date.parse(metadata.generated_at);
  return { startedMs: endedMs - elapsed_time * 1000, endedMs };
}

const resultsSchema = z.object({
  metadata: z.object({ generated_at: z.string() }),
  elapsed_time: z.number(),
});

/** As a build that goes on until it is told to end. */
async function holdTheLock(artifacts: string) {
  await mkdir(artifacts, { recursive: true });
  const child = spawn('python3', ['-c', HOLD, join(artifacts, 'dbt-build.lock')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const release = () => child.stdin.end();
  return {
    release,
    async [Symbol.asyncDispose]() {
      release();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

const HOLD = `
import fcntl, sys
with open(sys.argv[1], "w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.write("the test")
    lock.flush()
    print("held", flush=True)
    sys.stdin.read()
`;
