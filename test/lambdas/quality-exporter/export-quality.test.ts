import { expect, test } from 'vitest';
import { parseBatchRun } from '#lambdas/quality-exporter/batch-run.ts';
import { exportQuality } from '#lambdas/quality-exporter/export-quality.ts';
import { qualitySamples } from '#lambdas/quality-exporter/quality-samples.ts';
import type { MartRows } from '#lambdas/quality-exporter/read-marts.ts';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import type { Receiver } from '#test/remote-write/receiver.ts';
import { auditRow, martRows, NOW_MS, qualityRow, TODAY, YESTERDAY } from './mart-rows.ts';

/** One export on a clock that only sleeping moves. */
async function run(receiver: Receiver, rows: MartRows | Error, event: unknown = {}) {
  let sleptMs = 0;
  const asked: string[] = [];
  const outcome = await exportQuality(parseBatchRun(event), NOW_MS + 20_000, {
    ...createRemoteWrite(receiver.url, { kind: 'none' }, 'quality-exporter'),
    read: async (firstDay) => {
      asked.push(firstDay);
      if (rows instanceof Error) throw rows;
      return rows;
    },
    now: () => NOW_MS + sleptMs,
    sleep: async (ms) => {
      sleptMs += ms;
    },
    random: () => 0.5,
  });
  return { outcome, asked };
}

/** Everything that arrived: `name{label="value",…}` to its value, all at one time. */
function arrived(receiver: Receiver): Readonly<Record<string, number>> {
  const series = receiver.requests.flatMap((request) => request.series);
  expect(new Set(series.flatMap(({ samples }) => samples.map(({ timestampMs }) => timestampMs)))).toEqual(
    new Set([NOW_MS]),
  );
  return Object.fromEntries(
    series.map(({ labels, samples }) => {
      const { __name__, ...rest } = Object.fromEntries(labels);
      const text = Object.entries(rest).map(([name, value]) => `${name}="${value}"`);
      return [`${__name__}{${text.join(',')}}`, samples[0]?.value ?? Number.NaN];
    }),
  );
}

test('every number of both marts arrives, stamped with the time of the export', async () => {
  await using receiver = await startReceiver();
  const { outcome, asked } = await run(receiver, martRows());
  const of = 'exchange="binance",symbol="BTCUSDT",window="today"';
  const [lag, rest] = ['crypto_quality_landing_lag_seconds', 'symbol="BTCUSDT",window="today"'];
  expect(arrived(receiver)).toEqual({
    [`crypto_quality_expected_minutes{${of}}`]: 904,
    [`crypto_quality_present_minutes{${of}}`]: 894,
    [`crypto_quality_missing_minutes{class="ours",${of}}`]: 5,
    [`crypto_quality_missing_minutes{class="exchange",${of}}`]: 4,
    [`crypto_quality_missing_minutes{class="delisted",${of}}`]: 1,
    [`crypto_quality_late_minutes{${of}}`]: 7,
    [`crypto_quality_corrected_minutes{${of}}`]: 2,
    [`crypto_quality_healed_minutes{${of}}`]: 3,
    [`${lag}{exchange="binance",quantile="0.5",${rest}}`]: 1.25,
    [`${lag}{exchange="binance",quantile="0.95",${rest}}`]: 2.5,
    [`${lag}{exchange="binance",quantile="0.99",${rest}}`]: -0.004,
    'crypto_quality_expected_offsets{partition="0",topic="candles-1m"}': 5000,
    'crypto_quality_missing_offsets{partition="0",topic="candles-1m"}': 0,
    'crypto_quality_duplicate_rows{partition="0",topic="candles-1m"}': 12,
    'crypto_quality_last_landing_age_seconds{partition="0",topic="candles-1m"}': 61.5,
    'crypto_quality_export_timestamp_seconds{}': NOW_MS / 1000,
  });
  expect(asked).toEqual([YESTERDAY]);
  expect(outcome).toMatchObject({
    symbols: 1,
    partitions: 1,
    stored: 16,
    refused: {},
    unsent: 0,
    problems: [],
  });
  expect(receiver.requests[0]?.headers['user-agent']).toBe('crypto-market-pipeline/quality-exporter');
});

const dbtResult = (status: string) => `crypto_dbt_results{dag="market_models",status="${status}"}`;

test('a run says when it ended and how its models and tests did, what dbt calls by other names being errors', async () => {
  await using receiver = await startReceiver();
  const dbt = { success: 9, pass: 40, fail: 2, 'runtime error': 1, error: 1, 'no-op': 3 };
  await run(receiver, martRows(), { dag: 'market_models', dbt });
  const results = Object.entries(arrived(receiver)).filter(([name]) => /_dag_|_dbt_/.test(name));
  expect(Object.fromEntries(results)).toEqual({
    'crypto_dag_run_timestamp_seconds{dag="market_models"}': NOW_MS / 1000,
    [dbtResult('success')]: 9,
    [dbtResult('pass')]: 40,
    [dbtResult('warn')]: 0,
    [dbtResult('fail')]: 2,
    [dbtResult('error')]: 2,
    [dbtResult('skipped')]: 0,
  });
});

test('a run is told of though the warehouse can not be read, and one that built nothing keeps quiet of dbt', async () => {
  await using receiver = await startReceiver();
  await expect(run(receiver, new Error('no warehouse'), { dag: 'heal_gaps', dbt: null })).rejects.toThrow(
    'no warehouse',
  );
  expect(arrived(receiver)).toEqual({ 'crypto_dag_run_timestamp_seconds{dag="heal_gaps"}': NOW_MS / 1000 });
});

test('an event of another shape is refused by name', () => {
  expect(() => parseBatchRun({ dag: 'x', dbt: { pass: -1 } })).toThrow(
    /expected an event like .* at dbt\.pass/s,
  );
  expect(() => parseBatchRun({ dags: 'x' })).toThrow(/expected an event like/);
});

test('yesterday has its own window, and a day that is neither of the two has none', () => {
  const days = [TODAY, YESTERDAY, '2026-01-03'];
  const rows = martRows({ quality: days.map((DATE_DAY) => qualityRow({ DATE_DAY })), audit: [] });
  const windows = qualitySamples(rows, NOW_MS).map(({ labels }) => labels.byName['window']);
  const count = (window: string) => windows.filter((found) => found === window).length;
  expect([windows.length, count('today'), count('yesterday')]).toEqual([22, 11, 11]);
});

test('a day without streamed candles has no lag, rather than one of 0', () => {
  const none = { LAG_P50_SECONDS: null, LAG_P95_SECONDS: null, LAG_P99_SECONDS: null };
  const names = qualitySamples(martRows({ quality: [qualityRow(none)] }), NOW_MS).map(
    ({ labels }) => labels.byName['__name__'],
  );
  expect(names).toContain('crypto_quality_late_minutes');
  expect(names).not.toContain('crypto_quality_landing_lag_seconds');
});

test.each<[string, Partial<MartRows>, RegExp]>([
  ['the quality mart is empty', { quality: [], newestDay: undefined }, /MART_DATA_QUALITY is empty/],
  [
    'the quality mart ends days ago',
    { quality: [], newestDay: '2025-12-30' },
    /nothing for 2026-01-02 or 2026-01-01, its newest day is 2025-12-30/,
  ],
  ['the audit mart is empty', { audit: [] }, /MART_PIPELINE_AUDIT is empty/],
])(
  'when %s that is a problem, what there is is exported, and it does not look fresh',
  async (_, change, said) => {
    await using receiver = await startReceiver();
    const { outcome } = await run(receiver, martRows(change));
    expect(outcome.problems).toEqual([expect.stringMatching(said)]);
    const names = Object.keys(arrived(receiver));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => name.includes('export_timestamp'))).toEqual([]);
  },
);

test('a receiver that is away for a moment is asked again, one that stays away is a problem with its reason', async () => {
  await using moment = await startReceiver((_, index) => (index < 2 ? { status: 503 } : { status: 204 }));
  expect((await run(moment, martRows())).outcome).toMatchObject({ stored: 16, problems: [] });
  await using gone = await startReceiver(() => ({ status: 503, body: 'shutting down' }));
  const { outcome } = await run(gone, martRows());
  expect(outcome).toMatchObject({ stored: 0, unsent: 16 });
  expect(outcome.problems).toEqual(['16 samples could not be sent: 503 shutting down']);
});

test('a sample that the receiver refuses is a problem, and its neighbours are stored', async () => {
  await using receiver = await startReceiver(({ series }) =>
    series.some(({ labels }) => labels.some(([, value]) => value === 'crypto_quality_late_minutes'))
      ? { status: 400, body: 'out of order sample' }
      : { status: 204 },
  );
  const { outcome } = await run(
    receiver,
    martRows({ audit: [auditRow(), auditRow({ KAFKA_PARTITION: '1' })] }),
  );
  expect(outcome).toMatchObject({ stored: 19, refused: { 'out-of-order': 1 }, partitions: 2 });
  expect(outcome.problems).toEqual([
    expect.stringContaining('1 samples were refused: the receiver answered 400'),
  ]);
});
