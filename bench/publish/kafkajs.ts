import { Kafka, logLevel } from 'kafkajs';
import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { minutesOf } from './candles.ts';
import { countedInTopic, newTopic } from './topic.ts';

// What one writes without a library of one's own: nothing waits in a queue, nothing is stamped or sent again.
const BATCH = 1000;

const { symbols, minutes } = readCase('symbols', 'minutes');
const topic = await newTopic();
const kafka = new Kafka({ brokers: [variable('BENCH_BROKERS')], logLevel: logLevel.NOTHING });
const producer = kafka.producer();
await producer.connect();

let published = 0;
const elapsed = startClocks();
for (const candles of minutesOf(symbols, minutes)) {
  for (let from = 0; from < candles.length; from += BATCH) {
    const messages = candles
      .slice(from, from + BATCH)
      .map((candle) => ({ key: candle.symbol, value: JSON.stringify(candle) }));
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] });
    published += messages.length;
  }
}
const took = elapsed();
report({ counts: { published, ...(await countedInTopic(topic)) }, ...took });
