import { expect, test } from 'vitest';
import { parseEnvironment } from '#local/event-source/env.ts';

const GOOD = { KAFKA_BROKERS: '127.0.0.1:9092, b:1', TOPIC: 'candles-1m', GROUP_ID: 'g', METRICS_PORT: '0' };

test("what is not said is as on Lambda: 100 records, half a second, and a minute for the handler's time", () => {
  expect(parseEnvironment(GOOD)).toEqual({
    brokers: ['127.0.0.1:9092', 'b:1'],
    topic: 'candles-1m',
    groupId: 'g',
    metricsPort: 0,
    batchSize: 100,
    batchWindowMs: 500,
    handlerTimeoutMs: 60_000,
  });
});

test.each([
  ['KAFKA_BROKERS', ''],
  ['KAFKA_BROKERS', 'localhost'],
  ['TOPIC', 'a topic'],
  ['GROUP_ID', ''],
  ['METRICS_PORT', '70000'],
  ['METRICS_PORT', 'http'],
  ['BATCH_SIZE', '0'],
  ['BATCH_SIZE', '10001'],
  ['HANDLER_TIMEOUT_MS', '900000'],
])('a bad %s (%j) stops it, named', (name, value) => {
  expect(() => parseEnvironment({ ...GOOD, [name]: value })).toThrow(
    new RegExp(`^${name}: expected .*, got`),
  );
});
