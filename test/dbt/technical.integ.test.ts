import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '#snowflake/connection.ts';
import { problems, startDbtWarehouse } from './dbt-warehouse.ts';
import type { DbtRun, DbtWarehouse } from './dbt-warehouse.ts';
import { landMonths, landSymbols } from './land.ts';
import { daysOf, flatThenMoving, landable, walk } from './technical-market.ts';
import { technicalReference } from './technical-reference.ts';
import { TICKS } from './tick-candle.ts';
import type { Cell, TickCandle } from './tick-candle.ts';

/** More than the 18 blocks of 256 rows that a signal line reaches back, so that the second build leaves some unread. */
const HOURS = 5200;
/** These land after the first build: an hour in between, which moves all later ones on, and the newest. */
const LATER: readonly number[] = [5000, ...Array.from({ length: 20 }, (_, index) => HOURS - 20 + index)];
const isLater = (index: number) => LATER.includes(index);
const MARKET = { WALKUSDT: walk(HOURS), FLATUSDT: flatThenMoving() } as const;
const FORMS = 15;

let warehouse: DbtWarehouse;
let build: DbtRun;

beforeAll(async () => {
  warehouse = await startDbtWarehouse();
  await landSymbols(warehouse.sql, { WALKUSDT: 'TRADING', FLATUSDT: 'TRADING' }, Date.now() - 60_000);
  await land('first', Date.now() - 5 * 3_600_000, (index) => !isLater(index));
  const marts = ['+path:models/marts/technical', '+path:models/marts/market'];
  const all = ['build', '--indirect-selection', 'cautious', '--select', ...marts];
  const first = await warehouse.dbt([...all, '--exclude-resource-type', 'unit_test']);
  expect(problems(first)).toEqual([]);
  await land('later', Date.now() - 60_000, isLater);
  build = await warehouse.dbt(all);
}, 300_000);

async function land(name: string, landedMs: number, isOfIt: (index: number) => boolean): Promise<void> {
  const candles = Object.entries(MARKET).flatMap(([symbol, all]) =>
    all.filter((_, index) => isOfIt(index)).map((candle) => landable(symbol, candle)),
  );
  await landMonths(warehouse.sql, name, candles, landedMs);
}

afterAll(async () => {
  await warehouse?.[Symbol.asyncDispose]();
});

describe('the technical and market marts', () => {
  it('are built and pass their tests', () => {
    expect(problems(build)).toEqual([]);
    const names = [...build.results.keys()].join(' ');
    expect(names).toContain('mart_market_daily_shares_sum_to_one');
    expect(names).toContain('mart_correlation_daily_in_range');
    expect(names).toContain('technical_averages_and_ranges');
    expect(names).toContain('market_correlation_of_pairs');
  });

  it.each([
    ['1H', 60, (hours: readonly TickCandle[]) => hours],
    ['1D', 1440, daysOf],
  ] as const)(
    'hold in every column of %s what a row by row computation gives',
    async (suffix, minutes, periodsOf) => {
      for (const [symbol, hours] of Object.entries(MARKET)) {
        const periods = periodsOf(hours);
        const rows = await warehouse.sql.execute(
          `select * from MARTS.FCT_TECHNICAL_${suffix} where symbol = ? order by open_time`,
          [symbol],
        );
        expect(rows.length).toBe(periods.length);
        const reference = technicalReference(periods, minutes);
        expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual(
          [...KEYS, ...Object.keys(reference)].toSorted(),
        );
        for (const [column, values] of Object.entries(reference)) {
          const wrong = values.flatMap((expected, row) => {
            const held = cellOf(rows[row]?.[column]);
            const price = (periods[row]?.close ?? 0) / TICKS;
            return agree(held, expected, column.startsWith('MACD') ? price : 0)
              ? []
              : [{ row, held, expected }];
          });
          expect(wrong.slice(0, 3), `${symbol} ${column}`).toEqual([]);
        }
      }
    },
  );

  it('are compared on a market in which every form, cross and flag comes up', () => {
    const reference = Object.values(MARKET).map((hours) => technicalReference(hours, 60));
    expect(new Set(reference.flatMap((columns) => columns['CANDLE_TYPE'])).size).toBe(FORMS);
    for (const column of FLAGS) {
      const seen = new Set(reference.flatMap((columns) => columns[column]));
      expect(seen, column).toEqual(new Set([null, true, false]));
    }
  });
});

const KEYS = ['EXCHANGE', 'SYMBOL', 'OPEN_TIME', 'IS_COMPLETE', 'LANDED_AT'];

const FLAGS = [
  'IS_GOLDEN_CROSS',
  'IS_DEATH_CROSS',
  'IS_VOLUME_SPIKE',
  'IS_BREAKOUT_UP',
  'IS_BREAKOUT_DOWN',
  'IS_LIQUIDITY_STRESS',
];

/** Decimals come as text, so that they lose no digit on the way. */
function cellOf(value: Value | undefined): Cell {
  if (typeof value !== 'string') return value ?? null;
  return Number.isNaN(Number(value)) ? value : Number(value);
}

/**
 * To nine digits. The difference of two averages near to each other has fewer of its own: it agrees to twelve digits of the price that it comes from.
 */
function agree(held: Cell, expected: Cell, price: number): boolean {
  if (typeof held !== 'number' || typeof expected !== 'number') return held === expected;
  return Math.abs(held - expected) <= 1e-9 * Math.abs(expected) + 1e-12 * price;
}
