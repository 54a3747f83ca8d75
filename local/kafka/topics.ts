import { Kafka, logLevel } from 'kafkajs';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';

/** Enough to see that order holds per symbol only, few enough to be quick. */
export const CANDLE_PARTITIONS = 6;

/** Makes the pipeline's topics where they are not there yet; throws while the broker does not answer. */
export async function createTopics(brokers: string, partitions = CANDLE_PARTITIONS): Promise<void> {
  const admin = quietKafka(brokers).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const topics = [
      { topic: CANDLE_TOPIC, numPartitions: partitions },
      { topic: DEAD_LETTER_TOPIC, numPartitions: 1 },
      { topic: SINK_DEAD_LETTER_TOPIC, numPartitions: 1 },
    ].filter(({ topic }) => !existing.has(topic));
    if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}

/** True when the broker answers a metadata request. */
export async function brokerAnswers(brokers: string): Promise<boolean> {
  const admin = quietKafka(brokers).admin();
  try {
    await admin.connect();
    const { controller } = await admin.describeCluster();
    return controller !== null;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

/** No log of its own: the caller asks again and says what is wrong. */
function quietKafka(brokers: string): Kafka {
  return new Kafka({
    clientId: 'local-supervisor',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  });
}
