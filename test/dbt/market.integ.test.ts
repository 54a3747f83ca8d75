import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Candle } from '#domain/candle.ts';
import { problems, startDbtWarehouse } from './dbt-warehouse.ts';
import type { DbtWarehouse } from './dbt-warehouse.ts';
import { landMonths, landSymbols } from './land.ts';
import { dump, linesOf } from './marts.ts';
import { recordedAt } from './scenario.ts';

const HOUR_MS = 60 * MINUTE_MS;
const FIRST_MS = Date.UTC(2026, 0, 1, 22);
/** More than the 30 that a correlation is over. */
const NIGHTS = 36;
const DAYS = NIGHTS + 1;
const MINUTES_A_NIGHT = 4 * 60;
/** In the hour after a midnight, which is not whole before. */
const LATE_MINUTE = 20 * 1440 + 130;
const OLD_DAY = '2026-01-06';
const MARTS = { MARTS: ['MART_CORRELATION_DAILY', 'MART_LIQUIDITY_DAILY'] };
const CORRELATION = 'MARTS.MART_CORRELATION_DAILY';
const LIQUIDITY = 'MARTS.MART_LIQUIDITY_DAILY';
/** For dbt, which takes ten seconds and waits for its share of two cores. */
const SLOW = { timeout: 300_000 } as const;

let warehouse: DbtWarehouse;
type Dump = Awaited<ReturnType<typeof dump>>;
let withTwoSymbols: Dump;
let withThreeSymbols: Dump;

beforeAll(async () => {
  warehouse = await startDbtWarehouse();
  const now = Date.now();
  await landSymbols(warehouse.sql, { BTCUSDT: 'TRADING', ETHUSDT: 'TRADING' }, now - 60_000);
  const market = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].flatMap(minutesOf);
  const { history = [], night = [], later = [] } = Object.groupBy(market, landing);
  await landMonths(warehouse.sql, 'history', history, now - 20 * HOUR_MS);
  await landMonths(warehouse.sql, 'night', night, now - 5 * HOUR_MS);
  await build('+path:models/marts/market');
  await warehouse.sql.execute(`update ${CORRELATION} set hours_1d = 23 where date_day = '${OLD_DAY}'`);
  await warehouse.sql.execute(`update ${LIQUIDITY} set hours_present = 23 where date_day = '${OLD_DAY}'`);
  await landMonths(warehouse.sql, 'later', later, now - 60_000);
  await build('+path:models/marts/market');
}, SLOW.timeout);

afterAll(async () => {
  await warehouse?.[Symbol.asyncDispose]();
});

describe('the daily market marts, from one build to the next', () => {
  it('leave days alone that are older than all that landed', async () => {
    const old = `date_day = '${OLD_DAY}'`;
    expect(await linesOf(warehouse.sql, CORRELATION, ['hours_1d'], old)).toEqual(['23']);
    expect(await linesOf(warehouse.sql, LIQUIDITY, ['hours_present'], old)).toEqual(['23', '23', '23']);
    await warehouse.sql.execute(`update ${CORRELATION} set hours_1d = 3 where ${old}`);
    await warehouse.sql.execute(`update ${LIQUIDITY} set hours_present = 4 where ${old}`);
  });

  it('hold what a full refresh holds, of a late minute and the 30 days after it too', SLOW, async () => {
    expect(await linesOf(warehouse.sql, CORRELATION, ['hours_1d'], "date_day = '2026-01-22'")).toEqual(['3']);
    expect(await pairs()).toEqual([`BTCUSDT ETHUSDT ${DAYS}`]);
    withTwoSymbols = await expectRefreshedEqual();
  });

  it('take up all history of a symbol that becomes known', SLOW, async () => {
    await say('SOLUSDT', 'USDT', 40_000);
    expect(await pairs()).toEqual([
      `BTCUSDT ETHUSDT ${DAYS}`,
      `BTCUSDT SOLUSDT ${DAYS}`,
      `ETHUSDT SOLUSDT ${DAYS}`,
    ]);
    withThreeSymbols = await expectRefreshedEqual();
  });

  it(
    'drop the pairs of a symbol that gets another quote asset, and have them again with the old one',
    SLOW,
    async () => {
      await say('SOLUSDT', 'BTC', 20_000);
      expect(await dump(warehouse.sql, MARTS)).toEqual(withTwoSymbols);
      await say('SOLUSDT', 'USDT', 10_000);
      expect(await dump(warehouse.sql, MARTS)).toEqual(withThreeSymbols);
    },
  );
});

async function build(...args: readonly string[]): Promise<void> {
  const models = ['--exclude-resource-type', 'unit_test', '--exclude-resource-type', 'test'];
  expect(problems(await warehouse.dbt(['build', ...models, '--select', ...args]))).toEqual([]);
}

/** What the exchange said of the symbol so long ago, and a build of what depends on it. */
async function say(symbol: string, quoteAsset: string, agoMs: number): Promise<void> {
  await landSymbols(warehouse.sql, { [symbol]: 'TRADING' }, Date.now() - agoMs, quoteAsset);
  await build('path:snapshots', 'path:models/marts/market');
}

async function expectRefreshedEqual(): Promise<Dump> {
  const before = await dump(warehouse.sql, MARTS);
  await build('path:models/marts/market', '--full-refresh');
  const after = await dump(warehouse.sql, MARTS);
  for (const [table, rows] of after) {
    expect(rows.length, table).toBeGreaterThan(0);
    expect(before.get(table), table).toEqual(rows);
  }
  return before;
}

/** Each with its number of days. */
function pairs(): Promise<readonly string[]> {
  return linesOf(
    warehouse.sql,
    `(select symbol_a, symbol_b, count(*) as days from ${CORRELATION} group by symbol_a, symbol_b)`,
    ['symbol_a', 'symbol_b', 'days'],
  );
}

/** The last night and a late minute land after the first build, the night before them well after all others. */
function landing({ symbol, openTime }: Candle): 'history' | 'night' | 'later' {
  const minute = (Date.parse(openTime) - FIRST_MS) / MINUTE_MS;
  if (minute >= (NIGHTS - 1) * 1440 || (symbol === 'BTCUSDT' && minute === LATE_MINUTE)) return 'later';
  return minute >= (NIGHTS - 2) * 1440 ? 'night' : 'history';
}

/** Four hours around each midnight, so that a day needs the one before; of recorded minutes that differ from day to day. */
function minutesOf(symbol: string, shift: number): readonly Candle[] {
  return Array.from({ length: NIGHTS * MINUTES_A_NIGHT }, (_, index) => {
    const night = Math.floor(index / MINUTES_A_NIGHT);
    const minute = index % MINUTES_A_NIGHT;
    const row = (night * 41 + shift * 301 + minute) % 2000;
    return { ...recordedAt('BTCUSDT', row, FIRST_MS + (night * 1440 + minute) * MINUTE_MS), symbol };
  });
}
