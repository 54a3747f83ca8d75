import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { pythonStep } from '#local/setup/python.ts';
import { buildAll } from './dbt.ts';
import { runPlainSql } from './plain-sql.ts';
import { landHistory, startWarehouse } from './warehouse.ts';

const MINUTES_A_YEAR = 500_000;

/** The windows over ten years do not fit into the emulator's 2 GB; the hour's build, which is what is measured of them, has to. */
const BUILD_MEMORY = '16GB';

const SHORT = caseOf('5 M candles', { symbols: 10, minutes: MINUTES_A_YEAR, fromScratch: 1 });
const LONG = caseOf('50 M candles', { symbols: 10, minutes: 10 * MINUTES_A_YEAR, fromScratch: 0 });

export const bench = {
  name: 'models',
  what:
    'Candles of 10 symbols, a year or nearly ten of them: all dbt models and their data tests, as the DAG runs them, from ' +
    'scratch (of the year only), and once more after another hour of candles (600 records) was streamed. What people query ' +
    'is read back: candles, hours and trades.',
  unit: 'candles',
  // what may not fit on the machine comes first
  cases: [LONG, SHORT],
  casesInTurn: true,
  quickCases: [caseOf('20,000 candles', { symbols: 10, minutes: 2000, fromScratch: 1 })],
  needs: [pythonStep('warehouse'), pythonStep('dbt')],
  figures: [
    { key: 'buildSeconds', title: 'from scratch, seconds' },
    { key: 'buildCpuSeconds', title: 'CPU-seconds' },
    { key: 'hourSeconds', title: 'an hour more, seconds' },
    { key: 'hourCpuSeconds', title: 'CPU-seconds' },
    { key: 'hourEngineCpuSeconds', title: "the engine's CPU-seconds of it" },
    { key: 'hourCandleSeconds', title: 'seconds of it in candles and roll-ups' },
  ],
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'], pinned: false },
    { name: 'plain SQL', command: ['node', 'plain.ts'], limit: true, pinned: false },
  ],
  goals: [
    { kind: 'growth', of: 'ours', figure: 'hourCpuSeconds', from: SHORT.name, to: LONG.name, times: 1.3 },
  ],
  setUp: async ({ work }, { folder }) => {
    const { symbols = 0, minutes = 0, fromScratch } = work;
    // an hour that is over, so that nothing lands before it is closed
    const endMinute = Math.floor(Date.now() / 3_600_000 - 1) * 60;
    const [landed, built] = [join(folder, 'landed'), join(folder, 'built')];
    const expected = await landHistory(landed, { symbols, minutes, endMinute });
    if (fromScratch === 0) {
      await cp(landed, built, { recursive: true });
      await using warehouse = await startWarehouse(built, BUILD_MEMORY);
      await buildAll(warehouse.options);
      await runPlainSql(landed, 'build');
    }
    return {
      env: {
        BENCH_FOLDER: folder,
        BENCH_OURS: fromScratch === 0 ? built : landed,
        BENCH_PLAIN: landed,
      },
      expected,
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
  notes: [
    '*plain SQL* is the same candles and roll-ups by statements that one would write by hand, in DuckDB itself: no unreadable rows, no gaps, no quality, no technical and market marts, no tests; for the hour it makes the last three days anew.',
    "The hour is built on a warehouse that was just started, of either size, from a project that dbt has parsed already, as the DAG's runs find it.",
    'Both run on DuckDB, so the seconds say nothing of Snowflake; that they do not grow with history does.',
  ],
} as const satisfies Bench;

function caseOf(
  name: string,
  work: { readonly symbols: number; readonly minutes: number; readonly fromScratch: number },
): BenchCase {
  return { name, work, amount: work.symbols * work.minutes };
}
