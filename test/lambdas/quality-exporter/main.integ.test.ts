import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { createMarts, insertInto, startWarehouse } from '#test/marts.ts';

const resources = new AsyncDisposableStack();
let warehouse: Awaited<ReturnType<typeof startWarehouse>>;
let store: Awaited<ReturnType<typeof startPrometheus>>;

beforeAll(async () => {
  const folder = resources.use(await temporaryFolder());
  const [port = 0] = await freePorts(1);
  const inFolder = (name: string) => join(folder.path, name);
  [warehouse, store] = await Promise.all([
    startWarehouse(),
    startPrometheus({
      port,
      dataDir: inFolder('data'),
      configFile: inFolder('prometheus.yml'),
      logFile: inFolder('prometheus.log'),
    }),
  ]);
  resources.use(warehouse);
  resources.use(store);
}, 90_000);
afterAll(() => resources.disposeAsync());

interface Ended {
  readonly code: number | null;
  /** What it printed, a line each. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** The exporter as Airflow starts it on one machine. */
function runExporter(change: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'],
    ...warehouse.reader,
    REMOTE_WRITE_URL: store.remoteWriteUrl,
    REMOTE_WRITE_AUTH: 'none',
    ...change,
  };
  return new Promise((resolve, reject) => {
    const main = join(ROOT, 'local', 'quality-exporter', 'main.ts');
    const child = execFile(process.execPath, [main], { env, timeout: 60_000 }, (_, stdout) => {
      const lines = stdout.trim().split('\n');
      try {
        resolve({
          code: child.exitCode,
          lines: lines.map((line) => JSON.parse(line) as Ended['lines'][number]),
        }); // one object a line
      } catch (error) {
        reject(new Error(`expected a JSON object on each line, got ${stdout}`, { cause: error }));
      }
    });
  });
}

/** Every series of the exporter's that the store has now: value by name and labels. */
async function stored(): Promise<ReadonlyMap<string, number>> {
  const query = encodeURIComponent('{__name__=~"crypto_quality_.+"}');
  const answer = await fetch(`${store.url}/api/v1/query?query=${query}`);
  // an instant vector
  const { data } = (await answer.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return new Map(
    data.result.map(({ metric: { __name__, ...labels }, value: [, value] }) => {
      const text = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
      return [`${__name__}{${text.map(([name, is]) => `${name}=${is}`).join()}}`, Number(value)];
    }),
  );
}

const QUALITY = {
  exchange: 'binance',
  symbol: 'BTCUSDT',
  expected_minutes: 900,
  present_minutes: 890,
  late_minutes: 6,
  corrected_minutes: 1,
  healed_minutes: 2,
  missing_minutes: 10,
  missing_exchange_minutes: 3,
  missing_delisted_minutes: 0,
  missing_ours_minutes: 7,
  lag_p50_seconds: 1.25,
  lag_p95_seconds: 2.5,
  lag_p99_seconds: 30,
};

test('before the models are built it fails, and says which mart is not there', async () => {
  const { code, lines } = await runExporter();
  expect(code).toBe(1);
  expect(lines.at(-1)).toEqual({
    outcome: 'failed',
    error: expect.stringMatching(/MART_DATA_QUALITY' does not exist/),
  });
  expect((await stored()).size).toBe(0);
}, 60_000);

test('empty marts are a failure that says so', async () => {
  await warehouse.run(...createMarts());
  const { code, lines } = await runExporter();
  expect(code).toBe(1);
  expect(lines.at(-1)?.['error']).toMatch(/MART_DATA_QUALITY is empty.*MART_PIPELINE_AUDIT is empty/);
  expect((await stored()).size).toBe(0);
}, 60_000);

test('what the marts hold is read back from the store, twice, and the last line says what was done', async () => {
  const [today, dayAgo] = [0, 1].map((days) =>
    new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10),
  );
  const landedMs = Date.now() - 90_000;
  await warehouse.run(
    insertInto(
      'mart_data_quality',
      { ...QUALITY, date_day: String(today) },
      { ...QUALITY, date_day: String(dayAgo), missing_ours_minutes: 0 },
      { ...QUALITY, date_day: '2020-01-01', missing_ours_minutes: 99 },
    ),
    insertInto('mart_pipeline_audit', {
      topic: 'candles-1m',
      kafka_partition: 2,
      min_offset: 10,
      max_offset: 109,
      expected_offsets: 100,
      distinct_offsets: 99,
      missing_offsets: 1,
      duplicate_rows: 4,
      last_landed_at: new Date(landedMs).toISOString().replace('T', ' ').replace('Z', ''),
    }),
  );
  const startMs = Date.now();
  expect((await runExporter()).code).toBe(0);
  const { code, lines } = await runExporter();
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatchObject({
    outcome: 'exported',
    symbols: 1,
    partitions: 1,
    stored: 27,
    problems: [],
  });
  expect(lines).toContainEqual(expect.objectContaining({ event: 'quality', service: 'quality-exporter' }));

  const series = await stored();
  const valueOf = (name: string) => series.get(name);
  const of = 'exchange=binance,symbol=BTCUSDT';
  expect(series.size).toBe(27);
  expect(valueOf(`crypto_quality_missing_minutes{class=ours,${of},window=today}`)).toBe(7);
  expect(valueOf(`crypto_quality_missing_minutes{class=ours,${of},window=yesterday}`)).toBe(0);
  expect(valueOf(`crypto_quality_missing_minutes{class=exchange,${of},window=today}`)).toBe(3);
  expect(valueOf(`crypto_quality_present_minutes{${of},window=today}`)).toBe(890);
  expect(
    valueOf('crypto_quality_landing_lag_seconds{exchange=binance,quantile=0.95,symbol=BTCUSDT,window=today}'),
  ).toBe(2.5);
  expect(valueOf('crypto_quality_missing_offsets{partition=2,topic=candles-1m}')).toBe(1);
  const exportedMs = (valueOf('crypto_quality_export_timestamp_seconds{}') ?? 0) * 1000;
  expect(exportedMs).toBeGreaterThanOrEqual(startMs);
  expect(exportedMs).toBeLessThanOrEqual(Date.now());
  const age = valueOf('crypto_quality_last_landing_age_seconds{partition=2,topic=candles-1m}');
  expect(age).toBeCloseTo((exportedMs - landedMs) / 1000, 6);
}, 60_000);

test('a bad variable is named, in the same last line', async () => {
  expect(await runExporter({ REMOTE_WRITE_AUTH: 'magic' })).toEqual({
    code: 1,
    lines: [{ outcome: 'failed', error: 'REMOTE_WRITE_AUTH: expected none or sigv4, got "magic"' }],
  });
}, 60_000);
