import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';

export interface LagOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  readonly onLag: (byPartition: ReadonlyMap<number, number>) => void;
  readonly onAway: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Asks every few seconds, until aborted, how many records the group has not committed. */
export async function watchLag(options: LagOptions): Promise<void> {
  const { kafka, onLag, onAway, signal } = options;
  while (!signal.aborted) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      while (!signal.aborted) {
        onLag(await readLag(admin, options));
        await pause(signal);
      }
    } catch (error) {
      onAway(error);
      await pause(signal);
    } finally {
      await admin.disconnect();
    }
  }
}

const INTERVAL_MS = 3_000;

/** Records that the group has not committed, by partition; throws while the group's coordinator is not there. */
export async function readLag(
  admin: Admin,
  { topic, groupId }: Pick<LagOptions, 'topic' | 'groupId'>,
): Promise<ReadonlyMap<number, number>> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = new Map(group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return new Map(
    ends.map(({ partition, low, high }) => {
      // -1 where nothing was committed; below `low` where retention has overtaken the group.
      const next = Math.max(Number(low), committed.get(partition) ?? -1);
      return [partition, Math.max(0, Number(high) - next)];
    }),
  );
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(INTERVAL_MS, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
