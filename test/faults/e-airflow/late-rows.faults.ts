import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { BUILD_CORE, problems, startDbtWarehouse } from '#test/dbt/dbt-warehouse.ts';
import { landStream } from '#test/dbt/land.ts';
import { compareCandles } from '#test/dbt/marts.ts';
import { minutes, recorded, records } from '#test/dbt/scenario.ts';

vi.setConfig({ testTimeout: 300_000 });

const HOUR_MS = 60 * MINUTE_MS;

test('E3 rows that show up late are taken up within the look-back, later ones by the nightly reconciliation', async () => {
  await using warehouse = await startDbtWarehouse();
  const nowMs = Date.now();
  const [inTime, anHourLate, tenHoursLate] = [minutes(0, 59), [60, 61], [62, 63]];
  const land = (offset: number, which: readonly number[], landedMs: number) =>
    landStream(
      warehouse.sql,
      records(
        0,
        offset,
        which.map((minute) => recorded('BTCUSDT', minute)),
        landedMs,
      ),
    );
  const build = async (...more: readonly string[]) =>
    expect(problems(await warehouse.dbt([...BUILD_CORE, ...more]))).toEqual([]);
  const expectMarts = async (which: readonly number[]) => {
    const candles = which.map((minute) => recorded('BTCUSDT', minute));
    for (const { interval, held, expected } of await compareCandles(warehouse.sql, candles)) {
      expect(held.length, interval).toBeGreaterThan(0);
      expect(held, interval).toEqual(expected);
    }
  };

  await land(0, inTime, nowMs);
  await build();
  await expectMarts(inTime);

  // both show up only now, with landing times before the newest that the models have seen
  await land(60, anHourLate, nowMs - HOUR_MS);
  await land(62, tenHoursLate, nowMs - 10 * HOUR_MS);
  await build();
  await expectMarts([...inTime, ...anHourLate]);

  await build('--vars', nightlyReach());
  await expectMarts([...inTime, ...anHourLate, ...tenHoursLate]);
});

/** As the DAG `history_reconcile` gives it to dbt. */
function nightlyReach(): string {
  const dag = readFileSync(join(import.meta.dirname, '../../../mwaa/dags/history_reconcile.py'), 'utf8');
  const [, reach] = /^REACH = '(.+)'$/m.exec(dag) ?? [];
  if (reach === undefined) throw new Error('expected REACH in mwaa/dags/history_reconcile.py');
  expect(dag).toMatch(/"--vars", REACH/);
  return reach;
}
