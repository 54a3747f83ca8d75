import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { startBroker } from '#local/kafka/start-broker.ts';
import { CANDLE_PARTITIONS, createTopics } from '#local/kafka/topics.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('a broker that was killed continues with its records, and topics are made once', async () => {
  await using folder = await temporaryFolder();
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const options = {
    port,
    controllerPort,
    dataDir: join(folder.path, 'kafka'),
    logFile: join(folder.path, 'kafka.log'),
  };
  {
    await using broker = await startBroker(options);
    await createTopics(broker.brokers);
    const producer = clientOf(broker.brokers).producer();
    await producer.connect();
    await producer.send({ topic: CANDLE_TOPIC, acks: -1, messages: [{ key: 'A', value: 'one' }] });
    await producer.disconnect();
    await broker.stop('SIGKILL');
  }
  await using broker = await startBroker(options);
  await createTopics(broker.brokers);

  const admin = clientOf(broker.brokers).admin();
  await admin.connect();
  const topics = await admin.listTopics();
  const offsets = await admin.fetchTopicOffsets(CANDLE_TOPIC);
  await admin.disconnect();
  expect(topics.toSorted()).toEqual([CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC]);
  expect(offsets).toHaveLength(CANDLE_PARTITIONS);
  expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(1);
}, 120_000);

function clientOf(brokers: string): Kafka {
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
}
