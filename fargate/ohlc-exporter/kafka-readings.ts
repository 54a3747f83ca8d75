import type { Admin, Kafka } from 'kafkajs';
import { CURSOR_GROUP_PREFIX, SINK_DEAD_LETTER_TOPIC, SINK_GROUP_PREFIX } from '#domain/topics.ts';
import type { Log } from './log.ts';
import { describeError } from './log.ts';
import { pause } from './waiting.ts';

/** What only Kafka knows of those behind us; empty while it does not answer, as the last known would look like today's. */
export interface KafkaReadings {
  /** Records of the candle topic that the group has not committed. */
  readonly lagByGroup: ReadonlyMap<string, number>;
  /** Records that the topic ever took. */
  readonly deadLettersByTopic: ReadonlyMap<string, number>;
}

export const NO_KAFKA_READINGS: KafkaReadings = { lagByGroup: new Map(), deadLettersByTopic: new Map() };

interface Topics {
  readonly topic: string;
  readonly deadLetterTopic: string;
}

const EVERY_MS = 15_000;

/** Asks until aborted. Kafka's absence is the publisher's to tell; here it is only a pause. */
export async function watchKafka(
  kafka: Kafka,
  topics: Topics,
  log: Log,
  onReadings: (readings: KafkaReadings) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await keepReading(kafka.admin(), topics, onReadings, signal);
    } catch (error) {
      onReadings(NO_KAFKA_READINGS);
      log.info('kafka-readings-away', { reason: describeError(error) });
    }
    await pause(EVERY_MS, signal);
  }
}

async function keepReading(
  admin: Admin,
  topics: Topics,
  onReadings: (readings: KafkaReadings) => void,
  signal: AbortSignal,
): Promise<void> {
  await admin.connect();
  try {
    while (!signal.aborted) {
      onReadings(await readKafka(admin, topics));
      await pause(EVERY_MS, signal);
    }
  } finally {
    await admin.disconnect();
  }
}

async function readKafka(admin: Admin, { topic, deadLetterTopic }: Topics): Promise<KafkaReadings> {
  const [groupIds, ends, present] = await Promise.all([
    readingGroups(admin),
    admin.fetchTopicOffsets(topic),
    admin.listTopics(),
  ]);
  const lagByGroup = new Map<string, number>();
  for (const groupId of groupIds) {
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const offsets = new Map(
      committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
    );
    // -1 where nothing was ever committed: the group reads something else
    if (![...offsets.values()].some((offset) => offset >= 0)) continue;
    lagByGroup.set(groupId, lagOf(ends, offsets));
  }
  const deadLettersByTopic = new Map<string, number>();
  // the sink's exists where there is a sink
  for (const name of [deadLetterTopic, SINK_DEAD_LETTER_TOPIC].filter((each) => present.includes(each))) {
    const offsets = await admin.fetchTopicOffsets(name);
    deadLettersByTopic.set(
      name,
      offsets.reduce((sum, { high }) => sum + Number(high), 0),
    );
  }
  return { lagByGroup, deadLettersByTopic };
}

/**
 * All but our own. A sink's group, `connect-<name of the connector>`, outlives a connector that another name replaced:
 * where one of them has members, those without are such left-overs.
 */
async function readingGroups(admin: Admin): Promise<readonly string[]> {
  const { groups } = await admin.listGroups();
  const ids = groups
    .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
    .map(({ groupId }) => groupId)
    .filter((groupId) => !groupId.startsWith(CURSOR_GROUP_PREFIX));
  const sinks = ids.filter((groupId) => groupId.startsWith(SINK_GROUP_PREFIX));
  if (sinks.length < 2) return ids;
  const described = await admin.describeGroups(sinks);
  const alive = described.groups.filter(({ members }) => members.length > 0).map(({ groupId }) => groupId);
  return alive.length === 0 ? ids : ids.filter((id) => !sinks.includes(id) || alive.includes(id));
}

function lagOf(
  ends: readonly { readonly partition: number; readonly low: string; readonly high: string }[],
  committed: ReadonlyMap<number, number>,
): number {
  return ends.reduce((sum, { partition, low, high }) => {
    // below `low` where retention has overtaken the group
    const next = Math.max(Number(low), committed.get(partition) ?? -1);
    return sum + Math.max(0, Number(high) - next);
  }, 0);
}
