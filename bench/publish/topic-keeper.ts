import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import * as z from 'zod';
import { variable } from '#bench/run/contestant.ts';
import { askBroker } from '#local/kafka/ask-broker.ts';
import { CANDLE_PARTITIONS } from '#local/kafka/topics.ts';

/** `POST /topic` makes an empty topic; `GET /counts?topic=…` reads back all that is in one, and deletes it. */
const brokers = variable('BENCH_BROKERS');
let made = 0;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const answer =
    request.method === 'POST' ? makeTopic() : countAndDelete(url.searchParams.get('topic') ?? '');
  answer.then(
    (text) => response.end(text),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// a server on TCP has an address with a port
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

async function makeTopic(): Promise<string> {
  made += 1;
  const topic = `candles-${made}`;
  await askBroker(brokers, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: CANDLE_PARTITIONS }], waitForLeaders: true }),
  );
  return topic;
}

async function countAndDelete(topic: string): Promise<string> {
  const counts = await readBack(topic);
  await askBroker(brokers, (admin) => admin.deleteTopics({ topics: [topic] }));
  return JSON.stringify(counts);
}

async function readBack(topic: string) {
  const spans = await askBroker(brokers, (admin) => admin.fetchTopicOffsets(topic));
  const ends = new Map(spans.map(({ partition, high }) => [partition, BigInt(high)] as const));
  const open = new Set(
    spans.filter(({ low, high }) => BigInt(low) < BigInt(high)).map((one) => one.partition),
  );
  const identities = new Set<string>();
  let [inTopic, closeCents] = [0, 0];
  if (open.size === 0) return { inTopic, distinct: 0, closeCents };

  const done = Promise.withResolvers<void>();
  const kafka = new Kafka({ clientId: 'topic-keeper', brokers: [brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reads-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 1,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        const { symbol, close, ...times } = recordSchema.parse(JSON.parse(value?.toString() ?? ''));
        identities.add(`${symbol}/${'openTime' in times ? times.openTime : times.start}`);
        inTopic += 1;
        closeCents += Math.round(Number(close) * 100);
      }
      if (BigInt(batch.lastOffset()) + 1n >= (ends.get(batch.partition) ?? 0n)) open.delete(batch.partition);
      if (open.size === 0) done.resolve();
      await Promise.resolve();
    },
  });
  await done.promise;
  await consumer.disconnect();
  return { inTopic, distinct: identities.size, closeCents };
}

/** What the contestants' records have in common. */
const recordSchema = z.intersection(
  z.object({ symbol: z.string(), close: z.union([z.string(), z.number()]) }),
  z.union([z.object({ openTime: z.string() }), z.object({ start: z.number() })]),
);
