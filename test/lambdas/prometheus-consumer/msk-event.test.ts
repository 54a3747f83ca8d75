import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeRecords } from '#lambdas/prometheus-consumer/decode-records.ts';
import { readMskEvent } from '#lambdas/prometheus-consumer/msk-event.ts';
import { CANDLE } from '#test/candles.ts';
import { eventOf, rawRecord } from './events.ts';

async function fixture(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(import.meta.dirname, '../../fixtures/msk', name), 'utf8'));
}

test('records come with their partition and offset, from every partition of the event', async () => {
  const records = readMskEvent(await fixture('several-partitions.json'));
  expect(records.map(({ partitionId, partition, offset }) => [partitionId, partition, offset])).toEqual([
    ['candles-1m-0', 0, 15],
    ['candles-1m-3', 3, 901],
    ['candles-1m-3', 3, 902],
    ['candles-1m-5', 5, 77],
  ]);
});

test('values are candles, decimals as the exchange sent them', async () => {
  const { candles, poison } = decodeRecords(readMskEvent(await fixture('one-partition.json')));
  expect(poison).toEqual([]);
  expect(candles.map(({ candle }) => candle.close)).toEqual([CANDLE.close, CANDLE.close]);
  expect(candles.map(({ closeMs }) => new Date(closeMs).toISOString())).toEqual([
    '2025-10-29T04:22:59.999Z',
    '2025-10-29T04:23:59.999Z',
  ]);
});

test('each bad record comes back with its reason, its neighbours as candles', async () => {
  const { candles, poison } = decodeRecords(readMskEvent(await fixture('poison.json')));
  expect(candles.map(({ record }) => [record.partition, record.offset])).toEqual([
    [0, 15],
    [1, 5],
  ]);
  expect(poison.map(({ record, reason }) => [record.partition, record.offset, reason])).toEqual([
    [0, 16, 'bad-base64'],
    [0, 17, 'not-json'],
    [0, 18, 'not-a-candle'],
    [1, 4, 'no-value'],
    [1, 6, 'broken-rule'],
  ]);
});

test('a partition of any name is read, also one that an object of JavaScript has already', async () => {
  const event = JSON.parse(
    await readFile(join(import.meta.dirname, '../../fixtures/fuzz/msk-partition-called-proto.json'), 'utf8'),
  ) as unknown;
  expect(readMskEvent(event).map(({ partitionId, offset }) => [partitionId, offset])).toEqual([
    ['__proto__', 7],
  ]);
});

test.each(['..', '.', 'a/b', 'a\\b', ''])(
  'a topic %j, which would lead out of the rejected store, is no event',
  (topic) => {
    expect(() => readMskEvent(eventOf({ ...rawRecord('', 1), topic }))).toThrow(
      /topic: expected a Kafka topic name/,
    );
  },
);

test.each([
  {},
  null,
  'text',
  { eventSource: 'aws:sqs', records: {} },
  { eventSource: 'aws:kafka', records: { a: [{}] } },
])('what is no event of an MSK source (%j) throws, saying what was expected', (event) => {
  expect(() => readMskEvent(event)).toThrow(/^expected an event of Lambda's MSK source/);
});
