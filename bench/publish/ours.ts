import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { CandlePublisher } from '#fargate/ohlc-exporter/candle-publisher.ts';
import { createKafka, createProducer, createSend } from '#fargate/ohlc-exporter/kafka-client.ts';
import { createLog } from '#fargate/ohlc-exporter/log.ts';
import { createMetrics } from '#fargate/ohlc-exporter/metrics.ts';
import { minutesOf } from './candles.ts';
import { countedInTopic, newTopic } from './topic.ts';

// The exporter as it is wired, from the closed candle on.
const { symbols, minutes } = readCase('symbols', 'minutes');
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
const publisher = new CandlePublisher({
  send: createSend(producer),
  topic,
  deadLetterTopic: DEAD_LETTER_TOPIC,
  log,
  onBatch: (batch) => {
    published += batch.length;
    metrics.publishBatches.inc();
  },
  onFailure: (reason) => {
    throw new Error(reason);
  },
  onLettersLost: () => undefined,
});

const { signal } = new AbortController();
const elapsed = startClocks();
const running = publisher.run(signal);
for (const candles of minutesOf(symbols, minutes)) {
  for (const candle of candles) {
    while (!publisher.offer(candle)) await publisher.room(signal);
  }
}
publisher.stop();
await running;
const took = elapsed();
report({ counts: { published, ...(await countedInTopic(topic)) }, ...took });
