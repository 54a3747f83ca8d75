import { strict as assert } from 'node:assert';
import { askBroker } from '#local/kafka/ask-broker.ts';

/** Has Kafka delete what it holds in the fullest partition of a topic: a loss that a check has to find. */
export async function loseRecords(brokers: string, topic: string): Promise<void> {
  await askBroker(brokers, async (admin) => {
    const [fullest] = (await admin.fetchTopicOffsets(topic)).toSorted(
      (a, b) => Number(b.high) - Number(a.high),
    );
    assert.ok(fullest && Number(fullest.high) > 0, 'expected records to lose');
    const { partition, high } = fullest;
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: high }] });
  });
}
