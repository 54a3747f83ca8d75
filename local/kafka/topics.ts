import { CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { askBroker } from './ask-broker.ts';

/** Enough to see that order holds per symbol only, few enough to be quick. */
export const CANDLE_PARTITIONS = 6;

/** Makes the pipeline's topics where they are not there yet; throws while the broker does not answer. */
export async function createTopics(brokers: string, partitions = CANDLE_PARTITIONS): Promise<void> {
  await askBroker(brokers, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const topics = [
      { topic: CANDLE_TOPIC, numPartitions: partitions },
      { topic: DEAD_LETTER_TOPIC, numPartitions: 1 },
      { topic: SINK_DEAD_LETTER_TOPIC, numPartitions: 1 },
    ].filter(({ topic }) => !existing.has(topic));
    if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
  });
}

/** True when the broker answers a metadata request. */
export async function brokerAnswers(brokers: string): Promise<boolean> {
  try {
    return await askBroker(brokers, async (admin) => (await admin.describeCluster()).controller !== null);
  } catch {
    return false;
  }
}
