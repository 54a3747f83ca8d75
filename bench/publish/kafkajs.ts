import { Kafka, logLevel } from 'kafkajs';
import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { minutesOf } from './candles.ts';
import { countedInTopic, newTopic } from './topic.ts';

// What one writes without a library of one's own: nothing waits in a queue, nothing is stamped or sent again.
const BATCH = 1000;

const { symbols, minutes, warmUp } = readCase('symbols', 'minutes', 'warmUp');
const topic = await newTopic();
const kafka = new Kafka({ brokers: [variable('BENCH_BROKERS')], logLevel: logLevel.NOTHING });
const producer = kafka.producer();
await producer.connect();

let published = 0;
await publish(0, warmUp);
const elapsed = startClocks();
await publish(warmUp, minutes);
const took = elapsed();
report({ counts: { published, ...(await countedInTopic(topic)) }, ...took });

async function publish(from: number, to: number): Promise<void> {
  for (const candles of minutesOf(symbols, from, to)) {
    for (let start = 0; start < candles.length; start += BATCH) {
      const messages = candles
        .slice(start, start + BATCH)
        .map((candle) => ({ key: candle.symbol, value: JSON.stringify(candle) }));
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] });
      published += messages.length;
    }
  }
}
