import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { problems, startDbtWarehouse } from './dbt-warehouse.ts';
import type { DbtWarehouse } from './dbt-warehouse.ts';
import { landStream, landSymbols } from './land.ts';
import { minutes, recorded, records } from './scenario.ts';

const SLOW = { timeout: 300_000 } as const;
const CORE = ['staging', 'intermediate', 'marts/core', 'marts/operations'].map(
  (folder) => `path:models/${folder}`,
);

describe('data tests', () => {
  let warehouse: DbtWarehouse;

  beforeAll(async () => {
    warehouse = await startDbtWarehouse();
    const landedMs = Date.now() - MINUTE_MS;
    const candles = minutes(0, 120).map((minute) => recorded('BTCUSDT', minute));
    await landStream(warehouse.sql, records(0, 0, candles, landedMs));
    await landSymbols(warehouse.sql, { BTCUSDT: 'TRADING' }, landedMs);
  }, SLOW.timeout);

  afterAll(async () => {
    await warehouse?.[Symbol.asyncDispose]();
  });

  it('fail when a mart is not what it should be', SLOW, async () => {
    const untested = ['--exclude-resource-types', 'test', 'unit_test'];
    const built = await warehouse.dbt(['build', ...untested, '--select', ...CORE, 'path:snapshots']);
    expect(problems(built)).toEqual([]);
    for (const statement of SPOILING) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      await warehouse.sql.execute(statement);
    }
    const tests = ['test', '--indirect-selection', 'cautious', '--exclude-resource-type', 'unit_test'];
    const { results } = await warehouse.dbt([...tests, '--select', ...CORE]);
    const tripped = [...results].filter(([, { status }]) => status !== 'pass').map(([name]) => name);
    for (const name of TRIPPED)
      expect(tripped, `${name} among those that failed`).toContainEqual(expect.stringMatching(name));
    // and those of what was left alone
    expect(results.size - tripped.length).toBeGreaterThanOrEqual(20);
  });

  it('and all else are described by docs that dbt can make', SLOW, async () => {
    const { exitCode, output } = await warehouse.dbt(['docs', 'generate']);
    expect(output).toMatch(/Catalog written to/);
    expect(exitCode).toBe(0);
  });
});

const SPOILING = [
  'insert into MARTS.FCT_CANDLES_1M select * from MARTS.FCT_CANDLES_1M order by open_time limit 1',
  'update MARTS.FCT_CANDLES_15M set low_price = high_price + 1',
  'update MARTS.FCT_CANDLES_1H set vwap = high_price * 1.00000001',
  'update MARTS.FCT_CANDLES_4H set vwap = null',
  'update MARTS.FCT_CANDLES_5M set base_volume = base_volume + 0.000000000000000001',
  "update MARTS.FCT_CANDLES_1D set symbol = 'UNHEARDOF'",
  "insert into MARTS.FCT_CANDLE_GAPS select 'binance', 'BTCUSDT', '2025-01-01', '2025-01-01', 1, 'ours', dateadd('hour', -25, sysdate())",
  "insert into MARTS.FCT_CANDLE_GAPS select 'binance', 'BTCUSDT', '2025-01-02', '2025-01-01', 0, 'nobody', sysdate()",
  'update MARTS.MART_DATA_QUALITY set present_minutes = present_minutes - 1, lag_p50_seconds = lag_p99_seconds + 1',
  'update MARTS.MART_DATA_QUALITY set missing_ours_minutes = missing_ours_minutes + 1',
  'insert into STAGING.SYMBOLS_SNAPSHOT select * from STAGING.SYMBOLS_SNAPSHOT',
  'update MARTS.MART_PIPELINE_AUDIT set missing_offsets = 1',
  'delete from STAGING.INT_STREAM_CANDLES where kafka_offset = 60',
];

const TRIPPED = [
  /^unique_combination_fct_candles_1m/,
  /^sane_candle_fct_candles_15m/,
  /^vwap_between_low_and_high_fct_candles_1h/,
  /^vwap_between_low_and_high_fct_candles_4h/,
  /^rolled_up_from_minutes_fct_candles_5m/,
  /^known_symbol_fct_candles_1d/,
  /^no_gap_is_left_open_for_3_hours$/,
  /^no_gap_is_left_open_for_a_day$/,
  /^accepted_values_fct_candle_gaps/,
  /^holds_fct_candle_gaps/,
  /^holds_mart_data_quality_expected_minutes_present/,
  /^holds_mart_data_quality_missing_minutes/,
  /^holds_mart_data_quality_lag_p50/,
  /^present_minutes_are_counted$/,
  /^dim_symbols_has_one_current_version$/,
  /^every_record_of_the_topic_landed$/,
  /^holds_mart_pipeline_audit/,
];

describe('the gate', () => {
  it('refuses a model that keeps no convention, and SQL that is not laid out', SLOW, async () => {
    await using folder = await temporaryFolder();
    const project = join(folder.path, 'dbt');
    await cp(join(ROOT, 'dbt'), project, { recursive: true });
    const model = join(project, 'models', 'marts', 'core', 'candles.sql');
    await writeFile(
      model,
      "SELECT * from RAW.CANDLES_ARCHIVE cross join {{ source('raw', 'archive_files') }}\n",
    );

    const conventions = await refusalOf(process.execPath, ['local/setup/check-dbt.ts', project]);
    for (const rule of [
      'model_names',
      'description_contains',
      'source_cannot_be_used',
      'hard_coded',
      'has_tests',
    ]) {
      expect(conventions).toMatch(new RegExp(`check_\\w*${rule}\\w*:\\d+:candles`));
    }
    const layout = await refusalOf(pythonTool('lint', 'sqlfluff'), ['lint', '--disable-progress-bar', model]);
    expect(layout).toMatch(/Keywords must be lower case/);
  });
});

function refusalOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { cwd: ROOT }, (error, stdout, stderr) => {
      if (error) resolve(stdout + stderr);
      else reject(new Error(`expected ${command} to refuse, it said: ${stdout}${stderr}`));
    });
  });
}
