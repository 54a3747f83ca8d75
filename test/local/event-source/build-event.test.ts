import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { readMskEvent } from '#lambdas/prometheus-consumer/msk-event.ts';
import { buildEvent } from '#local/event-source/build-event.ts';
import { messageAt } from './messages.ts';

test('an event has the fields that Lambda gives it, keys and values in base64, headers as bytes', () => {
  const { size: _, ...plain } = messageAt(15);
  const message: KafkaMessage = {
    ...plain,
    key: Buffer.from('BTCUSDT'),
    value: Buffer.from('{}'),
    headers: { origin: Buffer.from('ab'), twice: ['x', Buffer.from('y')] },
  };
  expect(buildEvent([{ topic: 'candles-1m', partition: 3, messages: [message] }], ['a:1', 'b:2'])).toEqual({
    eventSource: 'aws:kafka',
    eventSourceArn: expect.stringMatching(/^arn:aws:kafka:/),
    bootstrapServers: 'a:1,b:2',
    records: {
      'candles-1m-3': [
        {
          topic: 'candles-1m',
          partition: 3,
          offset: 15,
          timestamp: 1_700_000_000_000,
          timestampType: 'CREATE_TIME',
          key: 'QlRDVVNEVA==',
          value: 'e30=',
          headers: [{ origin: [97, 98] }, { twice: [120] }, { twice: [121] }],
        },
      ],
    },
  });
});

test('the handler reads an event of several partitions, and a record without a value', () => {
  const event = buildEvent(
    [
      { topic: 't', partition: 0, messages: [messageAt(1), { ...messageAt(2), key: null, value: null }] },
      { topic: 't', partition: 1, messages: [messageAt(9)] },
    ],
    ['a:1'],
  );
  expect(readMskEvent(event).map(({ partitionId, offset, value }) => [partitionId, offset, value])).toEqual([
    ['t-0', 1, 'djE='],
    ['t-0', 2, undefined],
    ['t-1', 9, 'djk='],
  ]);
});
