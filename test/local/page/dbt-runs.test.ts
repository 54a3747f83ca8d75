import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDbtRuns } from '#local/page/dbt-runs.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

/** In the shape of dbt 1.11's run_results.json, version 6, with what a reader may ignore left in. */
function runResults(generatedAt: string, results: readonly (readonly [string, string, string?])[]) {
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: '1.11.16',
      generated_at: generatedAt,
      invocation_id: '3f8b2f0e-0000-4000-8000-000000000000',
      env: {},
    },
    elapsed_time: 31.25,
    args: { which: 'build' },
    results: results.map(([unique_id, status, message]) => ({
      unique_id,
      status,
      message: message ?? null,
      failures: null,
      timing: [],
      thread_id: 'Thread-1',
      execution_time: 0.5,
      adapter_response: {},
    })),
  };
}

async function keep(artifacts: string, dag: string, text: string): Promise<void> {
  await mkdir(join(artifacts, 'latest', dag), { recursive: true });
  await writeFile(join(artifacts, 'latest', dag, 'run_results.json'), text);
}

test('models and tests are counted apart, and what did not do well is named, worst first', async () => {
  await using folder = await temporaryFolder();
  const built = runResults('2026-01-02T03:04:05.678Z', [
    ['model.crypto_market.fct_candles_1m', 'success'],
    ['model.crypto_market.fct_candles_1h', 'error', 'Database Error in\n  model fct_candles_1h'],
    ['model.crypto_market.mart_market_daily', 'skipped'],
    ['snapshot.crypto_market.dim_symbols', 'success'],
    ['exposure.crypto_market.history_page', 'no-op', 'NO-OP'],
    ['test.crypto_market.not_null_fct_candles_1m_symbol.0123456789', 'pass'],
    ['test.crypto_market.no_gap_unexplained.abcdef0123', 'warn', 'Got 3 results'],
    ['test.crypto_market.vwap_in_range', 'fail', 'Got 1 result, configured to fail if != 0'],
    ['unit_test.crypto_market.fct_technical_1h.rsi_of_wilder', 'pass'],
  ]);
  await keep(folder.path, 'market_models', JSON.stringify(built));
  expect(await readDbtRuns(folder.path)).toEqual({
    kind: 'runs',
    runs: [
      {
        dag: 'market_models',
        endedMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
        durationSeconds: 31.25,
        models: { passed: 2, warned: 0, failed: 1, skipped: 1 },
        tests: { passed: 2, warned: 1, failed: 1, skipped: 0 },
        troubled: [
          { name: 'fct_candles_1h', status: 'error', message: 'Database Error in model fct_candles_1h' },
          { name: 'vwap_in_range', status: 'fail', message: 'Got 1 result, configured to fail if != 0' },
          { name: 'no_gap_unexplained', status: 'warn', message: 'Got 3 results' },
          { name: 'mart_market_daily', status: 'skipped', message: undefined },
        ],
      },
    ],
  });
});

test('of several DAGs the one that ended last comes first', async () => {
  await using folder = await temporaryFolder();
  await keep(folder.path, 'market_models', JSON.stringify(runResults('2026-01-02T03:00:00Z', [])));
  await keep(folder.path, 'history_reconcile', JSON.stringify(runResults('2026-01-02T04:00:00.5Z', [])));
  // a first run that is under way
  await mkdir(join(folder.path, 'latest', 'heal_gaps'));
  const answer = await readDbtRuns(folder.path);
  expect(answer.kind === 'runs' && answer.runs.map(({ dag }) => dag)).toEqual([
    'history_reconcile',
    'market_models',
  ]);
});

test('no run, no folder and no warehouse are told apart', async () => {
  await using folder = await temporaryFolder();
  expect(await readDbtRuns(undefined)).toEqual({ kind: 'off' });
  expect(await readDbtRuns(join(folder.path, 'none'))).toEqual({ kind: 'none' });
});

test.each([
  ['{"half', 'not JSON'],
  ['{"metadata":{}}', "not in the shape of dbt's run results"],
])('artifacts that read %j are said to be so, with their path', async (text, said) => {
  await using folder = await temporaryFolder();
  await keep(folder.path, 'market_models', text);
  expect(await readDbtRuns(folder.path)).toEqual({
    kind: 'unreadable',
    detail: expect.stringMatching(new RegExp(`market_models/run_results.json: ${said}`)),
  });
});
