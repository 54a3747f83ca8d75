import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { MINUTE_MS, decodeCandle } from '#domain/candle.ts';

export interface Watermark extends AsyncDisposable {
  /** Open time in ms up to which Kafka has every minute of every symbol since the start; of the symbol that is farthest behind. */
  readonly ofAll: () => number;
  /** Messages read. */
  readonly read: () => number;
}

/** Follows a topic past all faults. */
export async function followTopic(
  brokers: string,
  topic: string,
  symbols: readonly string[],
  startMs: number,
): Promise<Watermark> {
  const first = Math.ceil(startMs / MINUTE_MS) * MINUTE_MS;
  const complete = new Map(symbols.map((symbol) => [symbol, first - MINUTE_MS]));
  const ahead = new Map(symbols.map((symbol) => [symbol, new Set<number>()]));
  let read = 0;
  const kafka = new Kafka({
    clientId: 'soak',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 10_000 },
  });
  const consumer = kafka.consumer({ groupId: `${topic}-soak` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        read += 1;
        const decoded = value && decodeCandle(value);
        if (!decoded || decoded.kind === 'rejected') continue; // found by the comparison at the end
        const { symbol, openTime } = decoded.candle;
        const waiting = ahead.get(symbol);
        if (!waiting) continue;
        waiting.add(Date.parse(openTime));
        let next = (complete.get(symbol) ?? first) + MINUTE_MS;
        for (; waiting.delete(next); next += MINUTE_MS) complete.set(symbol, next);
      }
      await Promise.resolve();
    },
  });
  return {
    ofAll: () => Math.min(...complete.values()),
    read: () => read,
    // A client that waits for a broker does not hear that it is to go.
    [Symbol.asyncDispose]: async () => {
      await Promise.race([consumer.disconnect(), delay(5000)]);
    },
  };
}
