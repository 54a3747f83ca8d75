import { randomUUID } from 'node:crypto';
import { decodeCandle } from '#domain/candle.ts';
import { CURSOR_GROUP_PREFIX } from '#domain/topics.ts';
import type { Admin, Kafka } from 'kafkajs';
import type { Log } from './log.ts';
import { describeError } from './log.ts';

/** Open times (ms) of the candles Kafka holds, by symbol. */
export type Acknowledged = ReadonlyMap<string, ReadonlySet<number>>;

/** No record for this long while some are still expected: give up and let the caller try again. */
const STALLED_MS = 30_000;

/** Read before the time asked for, in each partition: the last candles from before a stop longer than the lookback. */
const TAIL_RECORDS = 3000n;

interface Span {
  readonly partition: number;
  readonly from: bigint;
  /** One past the last record. */
  readonly end: bigint;
}

/**
 * Reads back what this topic took since a time, and the last of what it took before, which is where the exporter's
 * memory lies: an acknowledged candle is one that can be read here. Uses a group of its own that is deleted again,
 * and commits nothing.
 */
export async function readAcknowledged(
  kafka: Kafka,
  topic: string,
  sinceMs: number,
  log: Log,
): Promise<Acknowledged> {
  const admin = kafka.admin();
  await admin.connect();
  const groupId = `${CURSOR_GROUP_PREFIX}${randomUUID()}`;
  try {
    const spans = await spansSince(admin, topic, sinceMs);
    const acknowledged = new Map<string, Set<number>>();
    if (spans.length > 0) await readSpans(kafka, groupId, topic, spans, acknowledged);
    log.info('cursor-read', {
      since: new Date(sinceMs),
      records: Number(spans.reduce((sum, span) => sum + span.end - span.from, 0n)),
      symbols: acknowledged.size,
    });
    return acknowledged;
  } catch (error) {
    throw refusedRead(error, topic) ?? error;
  } finally {
    await deleteGroup(admin, groupId, log);
    await admin.disconnect();
  }
}

/** Also of a try that failed, since each one has a group of its own. */
async function deleteGroup(admin: Admin, groupId: string, log: Log): Promise<void> {
  try {
    const { groups } = await admin.listGroups();
    if (groups.some((group) => group.groupId === groupId)) await admin.deleteGroups([groupId]);
  } catch (error) {
    log.info('cursor-group-kept', { groupId, reason: describeError(error) });
  }
}

/** Fails with the topics that are missing: they are made by the deployment, never by a client's first write. */
export async function requireTopics(kafka: Kafka, topics: readonly string[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !present.has(topic));
    if (missing.length > 0) throw new MissingTopicError(missing);
  } finally {
    await admin.disconnect();
  }
}

export class MissingTopicError extends Error {
  override readonly name = 'MissingTopicError';

  constructor(topics: readonly string[]) {
    super(
      `expected topics ${topics.join(' and ')}, got none of that name to write to: create them, or allow kafka-cluster:DescribeTopic on them`,
    );
  }
}

/**
 * A role that may not read what it wrote can't know what is missing: it is told at once, as no repetition mends it. That it
 * may not have a group can't be told from a coordinator that is not there yet: that is tried again.
 */
export class RefusedReadError extends Error {
  override readonly name = 'RefusedReadError';
}

function refusedRead(error: unknown, topic: string): RefusedReadError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!('type' in cause) || cause.type !== 'TOPIC_AUTHORIZATION_FAILED') continue;
    return new RefusedReadError(
      `expected to read topic ${topic}, got ${cause.type}: allow kafka-cluster:ReadData on it`,
      { cause: error },
    );
  }
  return undefined;
}

async function spansSince(admin: Admin, topic: string, sinceMs: number): Promise<readonly Span[]> {
  const [starts, ends] = await Promise.all([
    admin.fetchTopicOffsetsByTimestamp(topic, sinceMs),
    admin.fetchTopicOffsets(topic),
  ]);
  const startOf = new Map(starts.map(({ partition, offset }) => [partition, BigInt(offset)]));
  return ends
    .map(({ partition, high, low }) => {
      const from = (startOf.get(partition) ?? BigInt(low)) - TAIL_RECORDS;
      return { partition, from: from < BigInt(low) ? BigInt(low) : from, end: BigInt(high) };
    })
    .filter((span) => span.from < span.end);
}

async function readSpans(
  kafka: Kafka,
  groupId: string,
  topic: string,
  spans: readonly Span[],
  into: Map<string, Set<number>>,
): Promise<void> {
  const consumer = kafka.consumer({ groupId, retry: { retries: 5 } });
  const open = new Map(spans.map((span) => [span.partition, span]));
  const done = Promise.withResolvers<void>();
  // What crashes the consumer may be thrown by `run`, too: then nobody awaits this, which must not end the process.
  done.promise.catch(() => {});
  const stalled = () =>
    done.reject(new Error(`expected the end of topic ${topic}, got no record for ${STALLED_MS} ms`));
  let timer = setTimeout(stalled, STALLED_MS);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) done.reject(payload.error);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        clearTimeout(timer);
        timer = setTimeout(stalled, STALLED_MS);
        const span = open.get(batch.partition);
        if (span === undefined) return;
        for (const { offset, value } of batch.messages) {
          if (value !== null && BigInt(offset) >= span.from) remember(into, value);
        }
        if (BigInt(batch.lastOffset()) + 1n >= span.end) open.delete(batch.partition);
        if (open.size === 0) done.resolve();
        await Promise.resolve();
      },
    });
    // `run` does not say that the consumer crashed before it had joined, and then there is nothing to seek in.
    await Promise.race([done.promise, Promise.resolve()]);
    for (const { partition, from } of spans) consumer.seek({ topic, partition, offset: from.toString() });
    await done.promise;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
}

/** What is no candle is not ours to judge here: it closes no hole. */
function remember(into: Map<string, Set<number>>, value: Buffer): void {
  const decoded = decodeCandle(value);
  if (decoded.kind !== 'candle') return;
  const { symbol, openTime } = decoded.candle;
  const minutes = into.get(symbol);
  if (minutes) minutes.add(Date.parse(openTime));
  else into.set(symbol, new Set([Date.parse(openTime)]));
}
