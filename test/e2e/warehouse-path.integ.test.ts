import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { freePortRange } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { airflowAt } from './airflow.ts';
import { expectLoopbackOnly, expectNoForeigners, expectNoSecrets } from './expect-closed.ts';
import { startPipeline } from './pipeline.ts';
import type { Pipeline } from './pipeline.ts';
import { exchangeCandles, publish } from './play-exporter.ts';
import { plainDecimal, recordedBucket } from './recorded-candles.ts';
import { firedAlerts, unansweredQueries } from './unanswered-queries.ts';

const ROOT = join(import.meta.dirname, '../..');
const DAY_MS = 1440 * MINUTE_MS;
const RECORDED = ['BTCUSDT', 'ETHUSDT'] as const;
/** On the exchange, but not among the two that the exporter watches: here the test is the exporter. */
const CUT_SYMBOL = 'DRV0003USDT';

vi.setConfig({ testTimeout: 300_000 });
const stack = new AsyncDisposableStack();
let pipeline: Pipeline;
let folder = '';
let portBase = 0;
let exchange = '';
let airflow: ReturnType<typeof airflowAt>;
let reader: ConnectedWarehouse;

beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
  portBase = await freePortRange(12);
  pipeline = stack.use(await startPipeline(portBase, folder, ['--symbols', '2']));
  exchange = pipeline.url(1);
  airflow = airflowAt(pipeline.url(9));
  await vi.waitFor(() => expect(pipeline.state().ready, pipeline.said()).toBe(true), {
    timeout: 170_000,
    interval: 500,
  });
  reader = stack.use(await connectAs({ folder, portBase }, 'reader'));
}, 180_000);

afterAll(async () => {
  await stack.disposeAsync();
}, 90_000);

const pidOf = (part: string): number => {
  const pid = pipeline.state().parts[part]?.pid;
  if (pid === undefined) throw new Error(`expected ${part} to run`);
  return pid;
};

async function runDag(dag: string, conf?: object): Promise<void> {
  const run = await airflow.trigger(dag, conf);
  const outcome = await airflow.outcome(dag, run, 280_000);
  expect(outcome, `${JSON.stringify(await airflow.tasks(dag, run))}\n${alerts()}`).toBe('success');
}

/** What Airflow has alerted of: names what failed. */
function alerts(): string {
  const file = join(folder, 'replay', 'airflow', 'alerts.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8') : 'no alerts';
}

const npm = (...args: readonly string[]) =>
  promisify(execFile)('npm', ['run', '--silent', ...args, '--data', folder], { cwd: ROOT });

test('the first run of the models comes by itself, and all its tests pass', async () => {
  const [first] = await vi.waitFor(
    async () => {
      const runs = await airflow.runs('market_models');
      expect(runs.length).toBeGreaterThan(0);
      return runs;
    },
    { timeout: 60_000, interval: 1000 },
  );
  const outcome = await airflow.outcome('market_models', first?.dag_run_id ?? '', 240_000);
  expect(outcome, JSON.stringify(await airflow.tasks('market_models', first?.dag_run_id ?? ''))).toBe(
    'success',
  );
  expect(await countOf('select count(*) as n from marts.fct_candles_1m')).toBeGreaterThanOrEqual(2 * 50);
});

test('history of whole days is loaded by one command, and a second run does nothing', async () => {
  const [from, settled, to] = [dayBefore(4), dayBefore(2), dayBefore(1)];
  const load = async (until: string) => {
    const days = ['--symbols', RECORDED.join(','), '--from', from, '--to', until];
    const { stdout } = await npm('history', '--', ...days);
    return stdout.trimEnd().split('\n').at(-1) ?? '';
  };
  const summary = JSON.parse(await load(to)) as { loaded: number; refused: number }; // its contract, checked here
  expect(summary).toMatchObject({ refused: 0 });
  // yesterday's last minutes may have been too young to ask for, where midnight was just now
  expect(JSON.parse(await load(settled))).toMatchObject({ loaded: 0, refused: 0 });
});

test('of two minutes that were cut out, ours is healed and marked, and the one that the exchange lacks is classed as its', async () => {
  const last = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS;
  const opens = Array.from({ length: 30 }, (_, index) => last - (29 - index) * MINUTE_MS);
  const [ours = 0, theirs = 0] = [opens[10], opens[20]];
  const candles = await exchangeCandles(exchange, CUT_SYMBOL, opens[0] ?? 0, last);
  expect(candles.length).toBe(30);
  await injectFault({ kind: 'hole', at: 'exchange', from: theirs, to: theirs, symbols: [CUT_SYMBOL] });
  // where midnight was just now, these are minutes of yesterday: as on the exchange, their file comes hours later
  await injectFault({ kind: 'archive', how: 'absent', symbols: [CUT_SYMBOL] });
  await publish(
    pipeline.brokers,
    candles.filter(({ openTime }) => ![ours, theirs].map(toInstant).includes(openTime)),
  );
  await landed(CUT_SYMBOL, 28);

  await runDag('heal_gaps');

  const [healed] = await reader.execute(
    'select source, close_price from marts.fct_candles_1m where symbol = ? and open_time = to_timestamp_ntz(?)',
    [CUT_SYMBOL, toInstant(ours).slice(0, -1)],
  );
  expect(healed).toMatchObject({ SOURCE: 'rest' });
  expect(plainDecimal(String(healed?.['CLOSE_PRICE']))).toBe(plainDecimal(candles[10]?.close ?? ''));
  // after the last one published, minutes are missing as long as time goes on
  const gaps = await reader.execute(
    `select missing_minutes, gap_class from marts.fct_candle_gaps
     where symbol = ? and first_open_time <= to_timestamp_ntz(?)`,
    [CUT_SYMBOL, toInstant(last).slice(0, -1)],
  );
  expect(gaps.map((gap) => [gap['GAP_CLASS'], Number(gap['MISSING_MINUTES'])])).toEqual([['exchange', 1]]);
  const [quality] = await reader.execute(
    `select sum(healed_minutes) as healed, sum(missing_exchange_minutes) as theirs
     from marts.mart_data_quality where symbol = ?`,
    [CUT_SYMBOL],
  );
  expect(Number(quality?.['HEALED'])).toBeGreaterThanOrEqual(1);
  expect(Number(quality?.['THEIRS'])).toBe(1);
  expect(await metric(`crypto_quality_missing_minutes{symbol="${CUT_SYMBOL}",class="exchange"}`)).toContain(
    1,
  );
});

test('every query of every dashboard and rule answers with rows, and nothing is alerted of', async () => {
  await vi.waitFor(async () => expect(await unansweredQueries(pipeline)).toEqual([]), {
    timeout: 90_000,
    interval: 5000,
  });
  expect(await firedAlerts(pipeline)).toEqual([]);
});

test('killed in the middle, Connect, the exporter and dbt leave no trace in the marts', async () => {
  const run = await airflow.trigger('market_models');
  const dbt = await vi.waitFor(() => dbtProcess(), { timeout: 60_000, interval: 200 });
  for (const pid of [pidOf('connect'), pidOf('exporter'), dbt]) process.kill(pid, 'SIGKILL');
  const before = await lastPublished();
  await vi.waitFor(() => expect(pipeline.state().ready).toBe(true), { timeout: 120_000, interval: 500 });
  await vi.waitFor(async () => expect(await lastPublished()).toBeGreaterThan(before), {
    timeout: 150_000,
    interval: 1000,
  });
  await airflow.outcome('market_models', run, 280_000);
  await runDag('market_models');
});

test('every bucket of the marts equals the recording rolled up independently, as decimals', async () => {
  let compared = 0;
  for (const [interval, minutes] of Object.entries({
    '1m': 1,
    '5m': 5,
    '15m': 15,
    '1h': 60,
    '4h': 240,
    '1d': 1440,
  })) {
    for (const symbol of RECORDED) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const rows = await reader.execute(
        `select * from marts.fct_candles_${interval} where symbol = ? ${interval === '1m' ? '' : 'and is_complete'} order by open_time`,
        [symbol],
      );
      expect(rows.length, interval).toBeGreaterThanOrEqual(interval === '1d' ? 3 : 10);
      for (const row of rows) {
        const openMs = Date.parse(String(row['OPEN_TIME']));
        expect(bucketOf(row), `${symbol} ${interval} ${String(row['OPEN_TIME'])}`).toEqual(
          recordedBucket(symbol, openMs, minutes),
        );
      }
      compared += rows.length;
    }
  }
  expect(compared).toBeGreaterThan(2 * 3 * 1440);
});

test('no minute of the stream is missing, from its first to its last', async () => {
  const [row] = await reader.execute(
    `select count(*) as n from marts.fct_candle_gaps where symbol in (?, ?) and last_open_time < to_timestamp_ntz(?)`,
    [...RECORDED, toInstant(Date.now() - 3 * MINUTE_MS).slice(0, -1)],
  );
  expect(row?.['N']).toBe(0);
  await using transformer = await connectAs({ folder, portBase }, 'transformer');
  for (const symbol of RECORDED) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const [stream] = await transformer.execute(
      `select count(*) as n, datediff('minute', min(open_time), max(open_time)) + 1 as minutes
       from staging.int_candles where symbol = ? and first_streamed_at is not null`,
      [symbol],
    );
    expect(stream?.['N'], symbol).toBeGreaterThan(50);
    expect(stream?.['N'], symbol).toBe(stream?.['MINUTES']);
  }
});

test('no offset is missing between Kafka and the landing table', async () => {
  const audit = await reader.execute('select * from marts.mart_pipeline_audit');
  expect(audit.length).toBeGreaterThan(0);
  expect(audit.map((row) => Number(row['MISSING_OFFSETS']))).toEqual(audit.map(() => 0));
});

test('nobody but this machine reaches a part, and no web page gets in by another name', async () => {
  expect(expectLoopbackOnly(pipeline)).toBeGreaterThanOrEqual(Object.keys(pipeline.state().parts).length);
  expect(await expectNoForeigners(pipeline)).toBe(4);
});

test('no log, state or data of the run shows a secret', () => {
  expect(expectNoSecrets(pipeline, folder)).toBeGreaterThan(100);
});

function bucketOf(row: Readonly<Record<string, unknown>>) {
  const decimal = (column: string) => plainDecimal(String(row[column]));
  return {
    open: decimal('OPEN_PRICE'),
    high: decimal('HIGH_PRICE'),
    low: decimal('LOW_PRICE'),
    close: decimal('CLOSE_PRICE'),
    baseVolume: decimal('BASE_VOLUME'),
    quoteVolume: decimal('QUOTE_VOLUME'),
    takerBuyBaseVolume: decimal('TAKER_BUY_BASE_VOLUME'),
    takerBuyQuoteVolume: decimal('TAKER_BUY_QUOTE_VOLUME'),
    trades: Number(row['TRADES']),
  };
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}

async function countOf(sql: string): Promise<number> {
  const [row] = await reader.execute(sql);
  return Number(row?.['N']);
}

async function injectFault(fault: object): Promise<void> {
  const answer = await fetch(`${exchange}/control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  expect(answer.status).toBe(200);
}

async function landed(symbol: string, rows: number): Promise<void> {
  await using loader = await connectAs({ folder, portBase }, 'transformer');
  const sql = 'select count(*) as n from raw.candles_stream where record_content:symbol::varchar = ?';
  await vi.waitFor(async () => expect(Number((await loader.execute(sql, [symbol]))[0]?.['N'])).toBe(rows), {
    timeout: 30_000,
    interval: 500,
  });
}

/** Open time of the newest candle in landing. */
async function lastPublished(): Promise<number> {
  await using loader = await connectAs({ folder, portBase }, 'transformer');
  const [row] = await loader.execute(
    'select max(record_content:openTime::varchar) as newest from raw.candles_stream',
  );
  return Date.parse(String(row?.['NEWEST']));
}

/** The newest values of the series. */
async function metric(query: string): Promise<readonly number[]> {
  const answer = await fetch(`${pipeline.url(4)}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } }; // Prometheus's own shape
  return data.result.map(({ value }) => Number(value[1]));
}

/** The pid of the `dbt build` that has run for a while in this pipeline's folder; throws while there is none. */
async function dbtProcess(): Promise<number> {
  const { stdout } = await promisify(execFile)('pgrep', ['-f', 'bin/dbt build']);
  const pid = stdout
    .trim()
    .split('\n')
    .map(Number)
    .find((one) => readlinkSync(`/proc/${one}/cwd`).startsWith(folder));
  if (pid === undefined) throw new Error('expected dbt to run');
  // beyond its start, in the middle of a model
  await sleep(8000);
  return pid;
}
