import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { OfferOutcome } from './batch-window.ts';
import type { PartitionRecords } from './build-event.ts';
import type { Log } from './log.ts';

export interface ConsumeOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  /** Says how many of the records, counted from the first, are done. */
  readonly offer: (records: PartitionRecords) => Promise<OfferOutcome>;
  /** Ends consumption: the batch in hand is finished and committed, the group left. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Consumes until aborted; a broker that goes away is waited for, for ever. */
export async function consumeTopic(options: ConsumeOptions): Promise<void> {
  const { signal, log } = options;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const startedMs = Date.now();
    try {
      await consumeUntilCrash(options);
    } catch (error) {
      if (Date.now() - startedMs > HEALTHY_MS) failures = 0;
      const retryMs = Math.min(MAX_RECONNECT_MS, FIRST_RECONNECT_MS * 2 ** failures);
      const detail = error instanceof Error ? error.message : String(error);
      log.warn('kafka-away', { event: 'kafka-away', detail, retryMs });
      await pause(retryMs, signal);
    }
  }
}

const FIRST_RECONNECT_MS = 500;
const MAX_RECONNECT_MS = 10_000;
const HEALTHY_MS = 30_000;

/** Rejects with what ended it, or resolves after an abort. */
async function consumeUntilCrash(options: ConsumeOptions): Promise<void> {
  const { kafka, topic, groupId, signal, log } = options;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxBytesPerPartition: MAX_FETCH_BYTES,
    maxWaitTimeInMs: 500,
    // Restarting is done here, in one place, for every kind of failure.
    retry: { retries: 3, restartOnFailure: async () => false },
  });
  const ended = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => ended.reject(payload.error));
  const onAbort = () => ended.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  // A partition that stands still must not wake up a consumer that is gone.
  const life = new AbortController();
  const partitions = createPartitionConsumer(options, AbortSignal.any([signal, life.signal]));
  try {
    await consumer.connect();
    // Where the group has no offset yet, from the first record that the topic has: TRIM_HORIZON.
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: MAX_PARTITIONS,
      eachBatch: (payload) => partitions.consume(payload, consumer),
    });
    log.info('consuming', { event: 'consuming', topic, groupId });
    if (!signal.aborted) await ended.promise;
  } finally {
    life.abort();
    signal.removeEventListener('abort', onAbort);
    await consumer.disconnect();
  }
}

/** So that partitions meet in one event; a partition beyond it waits for its turn. */
const MAX_PARTITIONS = 100;

/** About 500 candles: what is fetched is handled before the group hears of other partitions again. */
const MAX_FETCH_BYTES = 256 * 1024;

const HEARTBEAT_MS = 3_000;

/** How long a killed member holds its partitions; below 6 s brokers refuse it. */
const SESSION_MS = 10_000;

/** What a handler that is stuck gets when the process is to end; its records come again. */
const STOP_GRACE_MS = 5_000;

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 10_000;

function createPartitionConsumer({ offer, topic, signal, log }: ConsumeOptions, lifeSignal: AbortSignal) {
  /** Failures in a row, by partition. */
  const failures = new Map<number, number>();

  const consume = async (payload: EachBatchPayload, consumer: Consumer) => {
    const { partition, messages } = payload.batch;
    let rest: readonly KafkaMessage[] = messages;
    while (rest.length > 0 && payload.isRunning() && !payload.isStale() && !signal.aborted) {
      const outcome = await waitFor(offer({ topic, partition, messages: rest }), payload);
      if (outcome === undefined) return;
      await commit(rest.slice(0, outcome.done), payload);
      if (outcome.failed) {
        // Only this partition stands still; waiting here would hold up the next fetch for all of them.
        standStill(partition, consumer);
        return;
      }
      failures.delete(partition);
      rest = rest.slice(outcome.done);
    }
  };

  const standStill = (partition: number, consumer: Consumer) => {
    const count = failures.get(partition) ?? 0;
    failures.set(partition, count + 1);
    const retryMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** count);
    const at = [{ topic, partitions: [partition] }];
    consumer.pause(at);
    log.warn('partition-stands-still', { event: 'partition-stands-still', partition, retryMs });
    void pause(retryMs, lifeSignal).then(() => {
      if (!lifeSignal.aborted) consumer.resume(at);
    });
  };

  /** Keeps the group membership alive meanwhile; undefined when the process ends first. */
  const waitFor = async <T>(promise: Promise<T>, payload: EachBatchPayload): Promise<T | undefined> => {
    let stopMs: number | undefined;
    for (;;) {
      const settled = await Promise.race([promise.then((value) => ({ value })), sleep(HEARTBEAT_MS / 3)]);
      if (settled) return settled.value;
      if (signal.aborted) {
        stopMs ??= Date.now() + STOP_GRACE_MS;
        if (Date.now() > stopMs) return undefined;
      }
      await payload.heartbeat();
    }
  };

  return { consume };
}

async function commit(done: readonly KafkaMessage[], payload: EachBatchPayload): Promise<void> {
  const last = done.at(-1);
  if (!last) return;
  const { topic, partition } = payload.batch;
  payload.resolveOffset(last.offset);
  const offset = String(BigInt(last.offset) + 1n);
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
}

/** Ends early, without an error, when aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
