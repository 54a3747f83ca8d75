import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { beginSink } from '#local/connect/begin-sink.ts';
import { removeSink } from '#local/connect/connect-rest.ts';
import { localSink } from '#local/connect/local-sink.ts';
import { epochOf, sinkPosition } from '#local/connect/sink-topics.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { BUILD_CORE, dbtOn, problems } from '#test/dbt/dbt-warehouse.ts';
import { compareCandles, dump } from '#test/dbt/marts.ts';
import { messageOf, recordedCandles, startSinkStand } from '#test/local/connect/stand.ts';
import type { SinkStand } from '#test/local/connect/stand.ts';

vi.setConfig({ testTimeout: 300_000 });

const PATIENCE = { timeout: 90_000, interval: 300 };
const RECORDED = recordedCandles(1500);
/** Records between two looks at the sink. */
const CHUNK = 20;

let stand: SinkStand;
let admin: ConnectedWarehouse;
let published = 0;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  stand = stack.use(await startSinkStand());
  admin = stack.use(await connectAs(stand.options, 'admin'));
}, 180_000);
afterAll(() => stack.disposeAsync(), 60_000);

test('D1 the worker is killed between its flush and its commit: no candle is lost, and the marts have each once', async () => {
  const sink = await sinkOf();
  let landedUncommitted = 0;
  for (let kills = 0; landedUncommitted === 0; kills += 1) {
    expect(kills, 'kills that came too late or too early').toBeLessThan(10);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await publishUntil(async () => (await uncommitted(sink)) > 0);
    await stand.killWorker();
    // what counts is how it stands when nobody works on it any more
    landedUncommitted = await uncommitted(sink);
    await stand.restartWorker();
  }
  await publish(RECORDED.length - published);
  await vi.waitFor(async () => expect((await stand.count()).places).toBe(RECORDED.length), PATIENCE);
  await expectMarts();
});

test('D2 offsets are rewound to the beginning, and what landed lands once more: the marts do not change', async () => {
  const before = await martsNow();
  const { rows, places } = await stand.count();
  const sink = await sinkOf();
  await removeSink(stand.restUrl, sink.name);
  // a sink that starts at offset 0, with a table that has forgotten how far it had come
  await beginSink(stand.restUrl, await sinkOf('rewound1'), stand.execute);
  const twice = { rows: rows + RECORDED.length, places };
  await vi.waitFor(async () => expect(await stand.count()).toEqual(twice), PATIENCE);
  await expectMarts();
  const after = await martsNow();
  expect(before.size).toBeGreaterThan(5);
  for (const [table, held] of before) {
    expect(held.length, table).toBeGreaterThan(table === 'FCT_CANDLE_GAPS' ? -1 : 0);
    expect(after.get(table), table).toEqual(held);
  }
  const [audit] = await admin.execute(
    'select sum(duplicate_rows) as twice, sum(missing_offsets) as missing from marts.mart_pipeline_audit',
  );
  expect([Number(audit?.['TWICE']), Number(audit?.['MISSING'])]).toEqual([twice.rows - RECORDED.length, 0]);
});

async function publish(count: number): Promise<void> {
  await stand.publish(RECORDED.slice(published, published + count).map(messageOf));
  published += count;
}

/** Slowly, so that there are flushes between. */
async function publishUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    expect(published, 'published without a moment between flush and commit').toBeLessThan(RECORDED.length);
    await publish(Math.min(CHUNK, RECORDED.length - published));
    await delay(200);
  }
}

/** Records that have landed, of which Kafka does not know it. */
async function uncommitted(sink: Awaited<ReturnType<typeof sinkOf>>): Promise<number> {
  // first what is committed, which only grows
  const { lag } = await sinkPosition(stand.brokers, sink);
  return (await stand.count()).places - (published - lag);
}

async function sinkOf(epoch?: string) {
  const { warehouseUrl, keysFolder } = stand;
  const privateKey = { folder: keysFolder, file: 'warehouse.p8' };
  return localSink({ epoch: epoch ?? (await epochOf(stand.brokers)), warehouseUrl, privateKey });
}

/** Builds the models, and holds them against what was published, rolled up with integers. */
async function expectMarts(): Promise<void> {
  expect(problems(await dbtOn(stand.options)(BUILD_CORE))).toEqual([]);
  for (const { interval, held, expected } of await compareCandles(admin, RECORDED)) {
    expect(held.length, interval).toBeGreaterThan(0);
    expect(held, interval).toEqual(expected);
  }
}

/** The candles of every interval, and the gaps between them; when a row landed last is no news of the market. */
async function martsNow(): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = [...(await dump(admin))].filter(([table]) => table.startsWith('FCT_'));
  return new Map(
    tables.map(([table, rows]) => [table, rows.map((row) => row.replace(/"LANDED_AT":"[^"]+",/, ''))]),
  );
}
