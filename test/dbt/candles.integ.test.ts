import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import * as first from './first-day.ts';
import { firstDay, secondDay } from './first-day.ts';
import { problems, startDbtWarehouse } from './dbt-warehouse.ts';
import type { DbtRun, DbtWarehouse } from './dbt-warehouse.ts';
import { landAbsentMinutes, landFile, landStream, landSymbols, timestamp } from './land.ts';
import { compareCandles, dump } from './marts.ts';
import { landingsOf, recorded, records, START_MS, winners } from './scenario.ts';
import type { Landed, Landing } from './scenario.ts';

const HOUR_MS = 60 * MINUTE_MS;
const BUILD = [
  'build',
  '--select',
  'path:models/staging',
  'path:models/intermediate',
  'path:models/marts/core',
  'path:models/marts/operations',
  'path:snapshots',
];

let warehouse: DbtWarehouse;
const landings: Landing[] = [];
const openTime = (minute: number) => timestamp(START_MS + minute * MINUTE_MS);

async function land(landed: Landed): Promise<void> {
  await landStream(warehouse.sql, landed.records);
  for (const file of landed.files) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await landFile(warehouse.sql, file);
  }
  landings.push(...landingsOf(landed));
}

async function expectMartsEqual(): Promise<void> {
  for (const { interval, held, expected } of await compareCandles(warehouse.sql, winners(landings))) {
    expect(held.length, interval).toBeGreaterThan(0);
    expect(held, interval).toEqual(expected);
  }
}

const rows = (statement: string) => warehouse.sql.execute(statement);

beforeAll(async () => {
  warehouse = await startDbtWarehouse();
});

afterAll(async () => {
  await warehouse?.[Symbol.asyncDispose]();
});

describe('freshness', () => {
  it('fails on an empty source and names it', async () => {
    const run = await warehouse.dbt(['source', 'freshness']);
    expect(run.exitCode, run.output).toBe(1);
    expect(run.output).toMatch(/ERROR STALE freshness of raw\.candles_stream/);
  });
});

describe('the first build', () => {
  const landedMs = Date.now() - 20 * HOUR_MS;
  let build: DbtRun;

  beforeAll(async () => {
    await land(firstDay(landedMs));
    await landAbsentMinutes(
      warehouse.sql,
      'BTCUSDT',
      first.NOT_AT_EXCHANGE.map((minute) => START_MS + minute * MINUTE_MS),
      landedMs,
    );
    await landSymbols(warehouse.sql, { BTCUSDT: 'TRADING', ETHUSDT: 'TRADING' }, landedMs);
    await landSymbols(warehouse.sql, { ETHUSDT: 'BREAK' }, landedMs + 1000);
    build = await warehouse.dbt(BUILD);
  });

  it('builds and tests everything', () => {
    // the hole of the first day is older than three hours, and younger than a day
    expect(problems(build), build.output).toEqual([
      expect.stringMatching(/^no_gap_is_left_open_for_3_hours: warn/),
    ]);
    expect(build.exitCode).toBe(0);
  });

  it('rolls minutes up to the same decimals as integers do', async () => {
    await expectMartsEqual();
  });

  it('finds each hole and says whose it is', async () => {
    const gaps = await rows(
      'select symbol, first_open_time::varchar as f, last_open_time::varchar as l, missing_minutes, gap_class from MARTS.FCT_CANDLE_GAPS order by 1, 2',
    );
    expect(gaps.map((row) => Object.values(row).join(' '))).toEqual([
      `BTCUSDT ${openTime(100)} ${openTime(102)} 3 ours`,
    ]);
  });
});
