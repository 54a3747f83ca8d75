import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { answers } from '#test/fargate/ohlc-exporter/exporter-process.ts';
import { faultSeed, randomFrom } from '#test/faults/fuzz/random.ts';
import { startExporterRun } from '#test/faults/harness/exporter-run.ts';
import type { Exporter, ExporterRun } from '#test/faults/harness/exporter-run.ts';
import { carryOut, drawPlan } from '#test/faults/harness/fault-plan.ts';
import { startKafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import type { KafkaCluster, KafkaNode } from '#test/faults/harness/kafka-cluster.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

vi.setConfig({ testTimeout: 400_000 });

/** More than the partitions, so that each of these takes candles every minute. */
const SYMBOLS = 30;

/** Of the exchange and the exporter; the brokers' own time-outs are the machine's. */
const SPEED = 4;

const FROZEN_MS = 20_000;
const ROUNDS = 2;

const stack = new AsyncDisposableStack();
let folder = '';
let kafka: KafkaCluster | undefined;
beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
  kafka = stack.use(await startKafkaCluster(folder, 3));
}, 180_000);
afterAll(async () => stack.disposeAsync(), 60_000);

test('B1 a broker is restarted gracefully while candles flow, and no acknowledged record is lost', async () => {
  const closed = await oneAfterTheOther('B1', async (node) => node.restart());
  expect(closed).toBeGreaterThan(ROUNDS * SYMBOLS);
});

test('B2 a broker is killed while candles flow, and no acknowledged record is lost', async () => {
  const closed = await oneAfterTheOther('B2', async (node, run) => {
    await node.kill();
    await run.minutes(1);
    await node.startAgain();
  });
  expect(closed).toBeGreaterThan(ROUNDS * SYMBOLS);
});

test('B3 a broker is frozen for 20 s while candles flow, and no acknowledged record is lost', async () => {
  const closed = await oneAfterTheOther('B3', async (node) => node.freezeFor(FROZEN_MS));
  expect(closed).toBeGreaterThan(ROUNDS * SYMBOLS);
});

test('B4 two of three brokers are down: nothing is acknowledged, all of it is sent once they are back', async () => {
  expect(await severalAtOnce('B4', 2)).toBeGreaterThan(3 * SYMBOLS);
});

test('B5 all brokers are down: nothing is acknowledged, all of it is sent once they are back', async () => {
  expect(await severalAtOnce('B5', 3)).toBeGreaterThan(3 * SYMBOLS);
});

/** At a random moment of a minute, to the leader of a random partition; then the same again, once all replicas are in sync. Returns how many candles closed. */
async function oneAfterTheOther(
  row: string,
  fault: (node: KafkaNode, run: ExporterRun) => Promise<void>,
): Promise<number> {
  const random = randomFrom(faultSeed(row));
  const { cluster, run, exporter } = await start();
  await using _ = run;
  const hit: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const plan = drawPlan(random, {
      count: 1,
      spanMs: MINUTE_MS,
      leastMs: 0,
      mostMs: 0,
      menu: [0, 1, 2],
    });
    const begin = async (partition: number) => {
      const node = (await cluster.leadersOf(run.topic))[partition];
      if (node === undefined) throw new Error(`expected a leader of partition ${partition}, got none`);
      hit.push(node.id);
      await fault(node, run);
      return async () => cluster.untilInSync(run.topic);
    };
    await carryOut(plan, begin, async (ms) => run.wait(ms));
    await run.minutes(1);
  }
  expect(hit.length).toBe(ROUNDS);
  return await lostNothing(row, run, exporter, `brokers ${hit.join(', ')}`);
}

/** Fewer replicas are left than have to be in sync: a stall, and no more. */
async function severalAtOnce(row: string, count: 2 | 3): Promise<number> {
  const random = randomFrom(faultSeed(row));
  const { cluster, run, exporter } = await start();
  await using _ = run;
  const spared = count === 3 ? undefined : random.pick([0, 1, 2]);
  const down = cluster.nodes.filter((_node, index) => index !== spared);
  const plan = drawPlan(random, {
    count: 1,
    spanMs: MINUTE_MS,
    leastMs: 2 * MINUTE_MS,
    mostMs: 3 * MINUTE_MS,
    menu: [down],
  });
  const begin = async (nodes: readonly KafkaNode[]) => {
    await Promise.all(nodes.map(async (node) => node.kill()));
    return async () => {
      expect(await exporter.metric(EXPORTER_METRICS.publishQueue.name), 'waiting').toBeGreaterThan(SYMBOLS);
      expect((await fetch(`${exporter.url}/readyz`)).status).toBe(503);
      await Promise.all(nodes.map(async (node) => node.startAgain()));
      await cluster.untilInSync(run.topic);
    };
  };
  await carryOut(plan, begin, async (ms) => run.wait(ms));
  await run.minutes(1);
  expect(await exporter.metric(EXPORTER_METRICS.publishFailures.name)).toBeGreaterThan(0);
  return await lostNothing(row, run, exporter, `${down.length} brokers down for ${plan[0]?.forMs} ms`);
}

async function start() {
  if (kafka === undefined) throw new Error('expected brokers, got none yet');
  const run = await startExporterRun({ kafka, folder, symbols: SYMBOLS, speed: SPEED, lookback: '2m' });
  await kafka.untilInSync(run.topic);
  const exporter = await run.exporter();
  await run.minutes(1);
  return { cluster: kafka, run, exporter };
}

/**
 * One exporter lived through it, and asks for nothing again that Kafka has acknowledged: a record that was acknowledged
 * and then lost would be missing for ever.
 */
async function lostNothing(row: string, run: ExporterRun, exporter: Exporter, what: string): Promise<number> {
  const { closed, duplicates } = await run.nothingLost({ withinMs: 90_000 });
  expect(await answers(exporter.url), 'the exporter lives').toBe(true);
  console.log(`${row}: ${what}; closed ${closed}, lost 0, duplicates ${duplicates}`);
  return closed;
}
