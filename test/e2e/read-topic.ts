import { Kafka, logLevel } from 'kafkajs';
import type { KafkaMessage } from 'kafkajs';

/** Every value of a topic from its beginning to the end it has now. */
export async function readTopic(brokers: string, topic: string): Promise<readonly Buffer[]> {
  return (await readRecords(brokers, topic)).flatMap(({ value }) => (value === null ? [] : [value]));
}

/** Every record, with its key and headers. */
export async function readRecords(brokers: string, topic: string): Promise<readonly KafkaMessage[]> {
  const kafka = new Kafka({ clientId: 'test', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const spans = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const open = new Map(
    spans
      .filter(({ low, high }) => BigInt(low) < BigInt(high))
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
  if (open.size === 0) return [];
  const records: KafkaMessage[] = [];
  const done = Promise.withResolvers<void>();
  const consumer = kafka.consumer({ groupId: `test-${process.pid}-${Math.random()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      records.push(...batch.messages);
      if (BigInt(batch.lastOffset()) + 1n >= (open.get(batch.partition) ?? 0n)) open.delete(batch.partition);
      if (open.size === 0) done.resolve();
      await Promise.resolve();
    },
  });
  await done.promise;
  await consumer.disconnect();
  return records;
}
