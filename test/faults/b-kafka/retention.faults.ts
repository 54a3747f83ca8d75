import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { askBroker } from '#local/kafka/ask-broker.ts';
import { startExporterRun } from '#test/faults/harness/exporter-run.ts';
import { startKafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import type { KafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

vi.setConfig({ testTimeout: 180_000 });

const GROUP = 'slow-reader';
/** Kafka's number of the type in its requests. */
const TOPIC_CONFIG = 2;
const within = { timeout: 40_000, interval: 200 };

const stack = new AsyncDisposableStack();
let folder = '';
let kafka: KafkaCluster | undefined;
beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
  kafka = stack.use(await startKafkaCluster(folder, 1, { 'log.retention.check.interval.ms': 500 }));
}, 120_000);
afterAll(async () => stack.disposeAsync(), 60_000);

test('B8 retention overtakes a reader that is behind: its lag was told long before, and the offsets it gets have the hole that the audit counts', async () => {
  if (kafka === undefined) throw new Error('expected a broker, got none');
  const { direct } = kafka;
  await using run = await startExporterRun({ kafka, folder });
  const exporter = await run.exporter();
  const lag = async () => exporter.metric(EXPORTER_METRICS.groupLag.name, `group="${GROUP}"`);
  await run.minutes(1);
  await run.nothingLost();
  // It has read all there is, and reads no more.
  const read = await spansOf(direct, run.topic);
  await askBroker(direct, async (admin) =>
    admin.setOffsets({
      groupId: GROUP,
      topic: run.topic,
      partitions: read.map(({ partition, high }) => ({ partition, offset: String(high) })),
    }),
  );

  await run.minutes(2);
  await run.nothingLost();
  await vi.waitFor(async () => expect(await lag()).toBeGreaterThan(0), within);
  const before = await lag();
  await run.minutes(2);
  await vi.waitFor(async () => expect(await lag()).toBeGreaterThan(before), within);
  const told = await lag();

  await retain(direct, run.topic, 1000);
  const overtaken = await vi.waitFor(async () => {
    const spans = await spansOf(direct, run.topic);
    const sum = spans.reduce((all, { low }, index) => all + Math.max(0, low - (read[index]?.high ?? 0)), 0);
    expect(sum).toBeGreaterThanOrEqual(told);
    return sum;
  }, within);
  await retain(direct, run.topic, -1);
  // From then on the lag says what is still to be had: the hole is the audit's to find.
  await vi.waitFor(async () => expect(await lag()).toBeLessThan(told), within);

  await run.minutes(2);
  const offsets = await readOn(direct, run.topic);
  const missing = read.reduce((all, { partition, high }) => {
    const got = offsets.get(partition) ?? [];
    return all + (got.length === 0 ? 0 : Math.max(...got) + 1 - high - got.length);
  }, 0);
  expect(missing).toBeGreaterThanOrEqual(told);
  console.log(
    `B8: a lag of ${told} was told, ${overtaken} records were gone, ${missing} offsets are missing`,
  );
});

async function spansOf(brokers: string, topic: string) {
  const spans = await askBroker(brokers, async (admin) => admin.fetchTopicOffsets(topic));
  return spans
    .map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }))
    .toSorted((a, b) => a.partition - b.partition);
}

async function retain(brokers: string, topic: string, ms: number): Promise<void> {
  await askBroker(brokers, async (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: TOPIC_CONFIG,
          name: topic,
          configEntries: [{ name: 'retention.ms', value: String(ms) }],
        },
      ],
    }),
  );
}

/** What the group gets when it goes on, by partition, up to the ends of now. */
async function readOn(brokers: string, topic: string): Promise<ReadonlyMap<number, readonly number[]>> {
  const ends = (await spansOf(brokers, topic)).filter(({ low, high }) => low < high);
  expect(ends.length).toBeGreaterThan(0);
  const offsets = new Map<number, number[]>(ends.map(({ partition }) => [partition, []]));
  const kafkaClient = new Kafka({ clientId: GROUP, brokers: [brokers], logLevel: logLevel.NOTHING });
  const consumer = kafkaClient.consumer({ groupId: GROUP });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        offsets.get(partition)?.push(Number(message.offset));
        await Promise.resolve();
      },
    });
    await vi.waitFor(() => {
      for (const { partition, high } of ends)
        expect(offsets.get(partition)?.at(-1)).toBeGreaterThanOrEqual(high - 1);
    }, within);
  } finally {
    await consumer.disconnect();
  }
  return offsets;
}
