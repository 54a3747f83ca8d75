import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '#snowflake/connection.ts';
import { problems, startDbtWarehouse } from './dbt-warehouse.ts';
import type { DbtRun, DbtWarehouse } from './dbt-warehouse.ts';
import { landFile, landSymbols } from './land.ts';
import { daysOf, flatThenMoving, landable, walk } from './technical-market.ts';
import { technicalReference } from './technical-reference.ts';
import { TICKS } from './tick-candle.ts';
import type { Cell, TickCandle } from './tick-candle.ts';

/** More than the nine blocks of 256 rows that an average is carried through. */
const HOURS = 2600;
const MARKET = { WALKUSDT: walk(HOURS), FLATUSDT: flatThenMoving() } as const;
const FORMS = 15;

let warehouse: DbtWarehouse;
let build: DbtRun;

beforeAll(async () => {
  warehouse = await startDbtWarehouse();
  for (const [symbol, candles] of Object.entries(MARKET)) {
    const opens = candles.map(({ openMs }) => openMs);
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await landFile(warehouse.sql, {
      name: `${symbol}.zip`,
      symbol,
      granularity: 'monthly',
      firstMs: Math.min(...opens),
      lastMs: Math.max(...opens),
      candles: candles.map((candle) => landable(symbol, candle)),
      landedMs: Date.now() - 60_000,
    });
  }
  await landSymbols(warehouse.sql, { WALKUSDT: 'TRADING', FLATUSDT: 'TRADING' }, Date.now() - 60_000);
  const marts = ['+path:models/marts/technical', '+path:models/marts/market'];
  const options = ['--indirect-selection', 'cautious', '--exclude-resource-type', 'unit_test'];
  build = await warehouse.dbt(['build', ...options, '--select', ...marts]);
}, 300_000);

afterAll(async () => {
  await warehouse?.[Symbol.asyncDispose]();
});

describe('the technical and market marts', () => {
  it('are built and pass their tests', () => {
    expect(problems(build)).toEqual([]);
    const names = [...build.results.keys()].join(' ');
    expect(names).toContain('mart_market_daily_shares_sum_to_one');
    expect(names).toContain('mart_correlation_daily_in_range');
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

const KEYS = ['EXCHANGE', 'SYMBOL', 'OPEN_TIME', 'IS_COMPLETE'];

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
