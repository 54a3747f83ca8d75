import { createHash } from 'node:crypto';
import type { CandleSink } from '#connectors/candle-sink.ts';
import { askBroker } from '#local/kafka/ask-broker.ts';

/** A broker with new data has a new cluster id, and its topics begin at offset 0 again. */
export async function epochOf(brokers: string): Promise<string> {
  const { clusterId } = await askBroker(brokers, (admin) => admin.describeCluster());
  return createHash('sha256').update(clusterId).digest('hex').slice(0, 8);
}

export interface SinkPosition {
  /** Records that are in the topic and not known to have landed. */
  readonly lag: number;
  /** Records that it gave up, in its dead-letter topic. */
  readonly deadLetters: number;
}

/** How far the sink's consumer group has come; a partition without a committed offset counts whole. */
export async function sinkPosition(brokers: string, { name, topics }: CandleSink): Promise<SinkPosition> {
  return askBroker(brokers, async (admin) => {
    // one after the other: a pool that was just made has no broker for a second request yet
    const spans = await admin.fetchTopicOffsets(topics.candles);
    const deadLetters = await admin.fetchTopicOffsets(topics.deadLetter);
    const committed = await admin.fetchOffsets({ groupId: `connect-${name}`, topics: [topics.candles] });
    const offsets = new Map(
      committed
        .flatMap(({ partitions }) => partitions)
        .map(({ partition, offset }) => [partition, Number(offset)]),
    );
    // -1 stands for none
    const lags = spans.map(
      ({ partition, low, high }) => Number(high) - Math.max(Number(low), offsets.get(partition) ?? -1),
    );
    return {
      lag: sum(lags),
      deadLetters: sum(deadLetters.map(({ low, high }) => Number(high) - Number(low))),
    };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
