import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { CandlePublisher } from '#fargate/ohlc-exporter/candle-publisher.ts';
import { createKafka, createProducer, createSend } from '#fargate/ohlc-exporter/kafka-client.ts';
import { createLog } from '#fargate/ohlc-exporter/log.ts';
import { createMetrics } from '#fargate/ohlc-exporter/metrics.ts';
import { minutesOf } from './candles.ts';
import { countedInTopic, newTopic } from './topic.ts';

// The exporter as it is wired, from the closed candle on.
const { symbols, minutes, warmUp } = readCase('symbols', 'minutes', 'warmUp');
const topic = await newTopic();
const log = createLog();
const metrics = createMetrics();
const kafka = await createKafka(
  {
    kafka: { kind: 'brokers', brokers: [variable('BENCH_BROKERS')] },
    kafkaAuth: 'none',
    awsRegion: undefined,
  },
  log,
);
const producer = createProducer(kafka);
await producer.connect();
let published = 0;
const warm = Promise.withResolvers<void>();
const publisher = new CandlePublisher({
  send: createSend(producer),
  topic,
  deadLetterTopic: DEAD_LETTER_TOPIC,
  log,
  onBatch: (batch) => {
    published += batch.length;
    metrics.publishBatches.inc();
    if (published === symbols * warmUp) warm.resolve();
  },
  onFailure: (reason) => {
    throw new Error(reason);
  },
  onLettersLost: () => undefined,
});

const { signal } = new AbortController();
const running = publisher.run(signal);
await offer(0, warmUp);
await warm.promise;
const elapsed = startClocks();
await offer(warmUp, minutes);
publisher.stop();
await running;
const took = elapsed();
report({ counts: { published, ...(await countedInTopic(topic)) }, ...took });

async function offer(from: number, to: number): Promise<void> {
  for (const candles of minutesOf(symbols, from, to)) {
    // as the refill does before it asks the exchange for more
    await publisher.room(signal);
    for (const candle of candles) publisher.offer(candle);
  }
}
