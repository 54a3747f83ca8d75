import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { readCase, report, variable } from '#bench/run/contestant.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { landStream } from '#test/dbt/land.ts';
import { buildAll, parseProject } from './dbt.ts';
import { copyOf } from './copy.ts';
import { hourIn, startWarehouse } from './warehouse.ts';
import type { BenchWarehouse } from './warehouse.ts';

/** What the peer does, too. */
const CANDLES = /^(int_stream_candles|int_candles|fct_candles_.*)$/;

const hourSchema = z.array(z.object({ partition: z.number(), offset: z.number(), content: z.unknown() }));

const { fromScratch } = readCase('fromScratch');
await using copy = await copyOf(variable('BENCH_OURS'));
const build = fromScratch === 1 ? await onWarehouse(measure) : undefined;
// just started, whatever was built before
const { hour, counts } = await onWarehouse(async (warehouse) => {
  await landHour(warehouse);
  await parseProject(warehouse.options);
  return { hour: await measure(warehouse), counts: await countsIn(warehouse) };
});
await copy[Symbol.asyncDispose]();
report({
  counts,
  wallSeconds: hour.seconds,
  cpuSeconds: hour.cpuSeconds,
  figures: {
    ...(build && { buildSeconds: build.seconds, buildCpuSeconds: build.cpuSeconds }),
    hourSeconds: hour.seconds,
    hourCpuSeconds: hour.cpuSeconds,
    hourEngineCpuSeconds: hour.engineCpuSeconds,
    hourCandleSeconds: hour.candleSeconds,
  },
});

async function onWarehouse<T>(work: (warehouse: BenchWarehouse) => Promise<T>): Promise<T> {
  await using warehouse = await startWarehouse(copy.folder);
  return await work(warehouse);
}

async function measure({ options, cpuSeconds }: BenchWarehouse) {
  const before = await cpuSeconds();
  const run = await buildAll(options);
  const engineCpuSeconds = (await cpuSeconds()) - before;
  const candles = run.nodes.filter(({ kind, name }) => kind === 'model' && CANDLES.test(name));
  return {
    seconds: run.wallSeconds,
    cpuSeconds: run.cpuSeconds + engineCpuSeconds,
    engineCpuSeconds,
    candleSeconds: candles.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

async function landHour({ options }: BenchWarehouse): Promise<void> {
  const records = hourSchema.parse(JSON.parse(await readFile(hourIn(options.folder), 'utf8')));
  const landedMs = Date.now();
  await using admin = await connectAs(options, 'admin');
  await landStream(
    admin,
    records.map((record) => ({ ...record, landedMs })),
  );
}

async function countsIn({ options }: BenchWarehouse) {
  await using admin = await connectAs(options, 'admin');
  const [row = {}] = await admin.execute(`
    SELECT COUNT(*) AS CANDLES, SUM(TRADES) AS TRADES, (SELECT COUNT(*) FROM CRYPTO_MARKET.MARTS.FCT_CANDLES_1H) AS HOURS
    FROM CRYPTO_MARKET.MARTS.FCT_CANDLES_1M`);
  return { candles: Number(row['CANDLES']), hours: Number(row['HOURS']), trades: Number(row['TRADES']) };
}
