import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { problems, startDbtWarehouse } from './dbt-warehouse.ts';
import type { DbtRun, DbtWarehouse } from './dbt-warehouse.ts';
import * as day from './first-day.ts';
import { landAbsentMinutes, landFile, landStream, landSymbols } from './land.ts';
import { refuseUnknownFunctions } from './refuse-unknown-functions.ts';
import { compareCandles, dump, linesOf } from './marts.ts';
import { at, landingsOf, recorded, records, START_MS, winners } from './scenario.ts';
import type { Landed, Landing } from './scenario.ts';

const HOUR_MS = 60 * MINUTE_MS;
const CORE = ['staging', 'intermediate', 'marts/core', 'marts/operations'].map(
  (folder) => `path:models/${folder}`,
);
const BUILD = ['build', '--indirect-selection', 'cautious', '--select', ...CORE, 'path:snapshots'];
const WITHOUT_UNIT_TESTS = ['--exclude-resource-type', 'unit_test'];

/** For dbt, which takes ten seconds and waits for its share of two cores. */
const SLOW = { timeout: 300_000 } as const;

/** The hole of the first day is older than three hours, and younger than a day. */
const OPEN_GAP = 'no_gap_is_left_open_for_3_hours';

let warehouse: DbtWarehouse;
const landings: Landing[] = [];

beforeAll(async () => {
  warehouse = await startDbtWarehouse();
});

afterAll(async () => {
  await warehouse?.[Symbol.asyncDispose]();
});

describe('an empty landing', () => {
  it('E4 fails freshness by the name of the source', SLOW, async () => {
    const { exitCode, output } = await warehouse.dbt(['source', 'freshness']);
    expect(output).toMatch(/ERROR STALE freshness of raw\.candles_stream/);
    expect(exitCode).toBe(1);
  });
});

describe('the first build', () => {
  const landedMs = Date.now() - 20 * HOUR_MS;
  let build: DbtRun;

  beforeAll(async () => {
    await land(day.firstDay(landedMs));
    const absent = day.NOT_AT_EXCHANGE.map((minute) => START_MS + minute * MINUTE_MS);
    await landAbsentMinutes(warehouse.sql, 'BTCUSDT', absent, landedMs);
    await landSymbols(warehouse.sql, { BTCUSDT: 'TRADING', ETHUSDT: 'TRADING' }, landedMs);
    await landSymbols(warehouse.sql, { ETHUSDT: 'BREAK' }, landedMs + 1000);
    build = await warehouse.dbt(BUILD);
  }, SLOW.timeout);

  it('makes every model and passes every test', () => {
    expect(problems(build).map(nameOf)).toEqual([OPEN_GAP]);
    expect(build.exitCode).toBe(0);
    const kinds = Object.groupBy(build.results.values(), ({ kind }) => kind);
    expect(kinds['model']?.length).toBeGreaterThanOrEqual(24);
    expect(kinds['test']?.length).toBeGreaterThanOrEqual(50);
    expect(kinds['unit_test']?.length).toBeGreaterThanOrEqual(5);
    expect(kinds['snapshot']?.length).toBe(1);
  });

  it('rolls minutes up to the same decimals as integers do', expectMartsEqual);

  it('finds each hole and says whose it is', async () => {
    expect(
      await lines('MARTS.FCT_CANDLE_GAPS', [
        'symbol',
        'first_open_time',
        'last_open_time',
        'missing_minutes',
        'gap_class',
      ]),
    ).toEqual([
      `BTCUSDT ${at(100)} ${at(102)} 3 ours`,
      `BTCUSDT ${at(200)} ${at(201)} 2 exchange`,
      `BTCUSDT ${at(202)} ${at(202)} 1 ours`,
      `ETHUSDT ${at(450)} ${at(451)} 2 delisted`,
      `ETHUSDT ${at(501)} ${at(1797)} 1297 delisted`,
    ]);
  });

  it('keeps what arrived late, twice or otherwise, and counts it', async () => {
    const odd = await lines(
      'STAGING.INT_CANDLES',
      ['open_time', 'source', 'trades', 'candidate_count', 'correction_count', 'is_corrected', 'is_late'],
      "symbol = 'BTCUSDT' and (is_late or is_corrected)",
    );
    expect(odd).toEqual([
      `${at(day.LATE)} websocket ${tradesOf(day.LATE)} 1 0 false true`,
      `${at(day.FILLED)} rest ${tradesOf(day.FILLED)} 1 0 false true`,
      `${at(day.CORRECTED)} rest ${tradesOf(day.CORRECTED)} 2 1 true false`,
      `${at(day.CORRECTED_BEFORE)} rest 7 3 1 true false`,
      `${at(day.SENT_TWICE)} websocket 8 2 1 true false`,
    ]);
  });

  it('counts the offsets that came, and those that came again', async () => {
    expect(await auditLines()).toEqual([
      `0 1000 2797 1798 1798 0 ${day.DELIVERED_AGAIN.length}`,
      '1 0 498 499 499 0 0',
    ]);
  });

  it(
    'fails freshness once nothing has landed for long, whatever a wrong clock dated in the future',
    {
      timeout: 60_000,
    },
    async () => {
      const { exitCode, output } = await warehouse.dbt(['source', 'freshness']);
      expect(output).toMatch(/ERROR STALE freshness of raw\.candles_stream/);
      expect(output).toMatch(/PASS freshness of raw\.exchange_symbols/);
      expect(exitCode).toBe(1);
    },
  );
});

describe('a build of what landed since, killed in the middle and run again', () => {
  let build: DbtRun;

  beforeAll(async () => {
    await land(day.secondDay(Date.now()));
    const killed = await warehouse.dbt(BUILD, /START sql incremental model MARTS\.fct_candles_1h/);
    expect(killed.exitCode, killed.output).toBeNull();
    build = await warehouse.dbt([...BUILD, ...WITHOUT_UNIT_TESTS]);
  }, SLOW.timeout);

  it('E1 holds what a build of all that landed holds, candles of last year included', async () => {
    expect(problems(build).map(nameOf)).toEqual(['archive_agrees_with_stream', OPEN_GAP]);
    const columns = ['open_time', 'candles_present', 'candles_expected', 'is_complete'];
    expect(await lines('MARTS.FCT_CANDLES_1D', columns, "open_time < '2025-01-01'")).toEqual([
      '2024-11-05 00:00:00.000 1439 1440 false',
    ]);
    await expectMartsEqual();
  });

  it('answers for each minute that it should have', async () => {
    const columns = [
      'symbol',
      'date_day',
      'expected_minutes',
      'present_minutes',
      'late_minutes',
      'corrected_minutes',
      'healed_minutes',
      'missing_exchange_minutes',
      'missing_delisted_minutes',
      'missing_ours_minutes',
    ];
    // the recording begins at 04:22, and the stream's other end is minute 1999 of it
    expect(await lines('MARTS.MART_DATA_QUALITY', columns)).toEqual([
      'BTCUSDT 2024-11-05 1440 1439 0 0 0 0 0 1',
      'BTCUSDT 2025-10-29 1178 1175 2 3 3 2 0 1',
      'BTCUSDT 2025-10-30 822 822 0 1 0 0 0 0',
      'ETHUSDT 2025-10-29 1178 499 0 0 0 0 679 0',
      'ETHUSDT 2025-10-30 763 0 0 0 0 0 763 0',
    ]);
  });
});

describe('rows that are no candles, among good ones, and an offset that never came', () => {
  const untouched = `symbol = 'ETHUSDT' and open_time = '${at(100, 5)}'`;
  let build: DbtRun;
  let leftAlone: readonly string[];
  let before: Awaited<ReturnType<typeof dump>>;

  beforeAll(async () => {
    const good = [2000, 2001].map((minute) => recorded('BTCUSDT', minute));
    const bad = [
      { hello: 'world' },
      ['not', 'an', 'object'],
      { ...recorded('BTCUSDT', 2002), high: 'NaN' },
      { ...recorded('BTCUSDT', 2002), openTime: '2025-13-45T00:00:00.000Z' },
      { ...recorded('BTCUSDT', 2002), low: '999999999' },
      { ...recorded('BTCUSDT', 2002), interval: '3m' },
      { ...recorded('BTCUSDT', 2002), schemaVersion: 2 },
    ];
    const withNewField = { ...recorded('BTCUSDT', 2003), venue: 'a field of tomorrow' };
    const landed = records(0, 3000, [...good, ...bad, withNewField], Date.now());
    await landStream(warehouse.sql, landed);
    landings.push(...landingsOf({ records: [...landed.slice(0, 2), ...landed.slice(-1)], files: [] }));
    await warehouse.sql.execute(`update MARTS.FCT_CANDLES_5M set source = 'left alone' where ${untouched}`);
    build = await warehouse.dbt([...BUILD, ...WITHOUT_UNIT_TESTS]);
    leftAlone = await lines('MARTS.FCT_CANDLES_5M', ['source'], untouched);
    await warehouse.sql.execute(`update MARTS.FCT_CANDLES_5M set source = 'websocket' where ${untouched}`);
    before = await dump(warehouse.sql);
  }, SLOW.timeout);

  it('fail the tests that watch for them', () => {
    expect(build.exitCode).toBe(1);
    expect(problems(build).map(nameOf)).toEqual([
      'archive_agrees_with_stream',
      'every_record_of_the_topic_landed',
      OPEN_GAP,
      'nothing_unreadable_landed_within_a_day',
    ]);
    expect(build.results.get('nothing_unreadable_landed_within_a_day')?.failures).toBe(7);
  });

  it('stop no good row, with a field of tomorrow or without', expectMartsEqual);

  it('are kept apart with the reason', async () => {
    expect(await lines('STAGING.INT_CANDLES_UNREADABLE', ['origin', 'unreadable_reason'])).toEqual([
      'candles-1m/0/3002 unknown schema version',
      'candles-1m/0/3003 unknown schema version',
      'candles-1m/0/3004 no price',
      'candles-1m/0/3005 no identity',
      'candles-1m/0/3006 open or close outside of low to high',
      'candles-1m/0/3007 unknown interval',
      'candles-1m/0/3008 unknown schema version',
    ]);
  });

  it('are found by SQL that Snowflake knows, as all of it is', SLOW, async () => {
    expect(await refuseUnknownFunctions(warehouse.compiledFolders)).toMatch(
      /^\d{3,} files call \d+ functions, all known to Snowflake\n$/,
    );
  });

  it('touch no bucket but their own', () => {
    expect(leftAlone).toEqual(['left alone']);
  });

  it('leave a hole in the offsets', async () => {
    // 200 new records after 2797, then nothing up to 3000
    expect((await auditLines())[0]).toBe('0 1000 3009 2010 2008 2 15');
  });

  it('end in the same rows as a full refresh', SLOW, async () => {
    const full = await warehouse.dbt(['run', '--full-refresh', '--select', ...CORE]);
    expect(problems(full)).toEqual([]);
    const after = await dump(warehouse.sql);
    expect(after.size).toBeGreaterThanOrEqual(14);
    for (const [table, rows] of after) {
      expect(rows.length, table).toBeGreaterThan(0);
      expect(before.get(table), table).toEqual(rows);
    }
  });
});

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

function tradesOf(minute: number): number {
  return recorded('BTCUSDT', minute).trades;
}

function auditLines(): Promise<readonly string[]> {
  const columns = [
    'kafka_partition',
    'min_offset',
    'max_offset',
    'expected_offsets',
    'distinct_offsets',
    'missing_offsets',
    'duplicate_rows',
  ];
  return lines('MARTS.MART_PIPELINE_AUDIT', columns);
}

function lines(table: string, columns: readonly string[], where?: string): Promise<readonly string[]> {
  return linesOf(warehouse.sql, table, columns, where);
}

/** Of a problem, so that a surprise is shown with all it says. */
function nameOf(problem: string): string {
  return KNOWN.find((name) => problem.startsWith(`${name}: `)) ?? problem;
}

const KNOWN = [
  'archive_agrees_with_stream',
  'every_record_of_the_topic_landed',
  'nothing_unreadable_landed_within_a_day',
  OPEN_GAP,
];
