import * as fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { installQuickEncoder } from '#fargate/ohlc-exporter/quick-encoder.ts';
import type { ProduceArguments } from '#fargate/ohlc-exporter/produce-request.ts';
import { bytesOf, freshKafkajs, produceOf } from './produce-bytes.ts';

type Messages = ProduceArguments['topicData'][number]['partitions'][number]['messages'];

const pristine = produceOf(freshKafkajs());
const load = freshKafkajs();
installQuickEncoder(load);
const quick = produceOf(load);

afterEach(() => vi.restoreAllMocks());

/** Of any code units, so also halves of surrogate pairs, which UTF-8 can't say. */
const anyText = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ unit: 'binary' }),
  fc.string(),
);
const plainMessage = fc.record({ key: anyText, value: anyText });
const bytes = fc.uint8Array().map((array) => Buffer.from(array));
const anyMessage = fc.record(
  {
    key: fc.oneof(anyText, bytes, fc.constantFrom(null, undefined)),
    value: fc.oneof(anyText, bytes, fc.constant(null)),
    headers: fc.oneof(
      fc.constantFrom({}, undefined),
      fc.dictionary(anyText, fc.oneof(anyText, bytes, fc.array(anyText))),
    ),
    timestamp: fc.oneof(fc.constantFrom(undefined, null), fc.maxSafeNat(), fc.maxSafeNat().map(String)),
  },
  { requiredKeys: ['value'] },
);
const int32 = fc.oneof(fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)), fc.integer());
const int16 = fc.oneof(fc.constantFrom(0, -1, 2 ** 15 - 1, -(2 ** 15)), fc.integer({ min: -100, max: 100 }));

function topicDataOf(messages: fc.Arbitrary<Messages>, firstSequence: fc.Arbitrary<number>) {
  const partition = fc.record({ partition: int32, messages, firstSequence });
  const topic = fc.record({ topic: anyText, partitions: fc.array(partition, { maxLength: 4 }) });
  return fc.array(topic, { maxLength: 3 });
}

const zero = fc.constant(0);
const plainRequest = fc.record({
  acks: int16,
  timeout: int32,
  compression: zero,
  producerId: fc.constant(-1),
  producerEpoch: zero,
  topicData: topicDataOf(fc.array(plainMessage), zero),
});
const anyRequest = fc.record(
  {
    acks: int16,
    timeout: int32,
    compression: fc.constantFrom(0, 0, 1, undefined),
    transactionalId: fc.option(anyText),
    producerId: fc.oneof(fc.constant(-1), fc.maxSafeInteger(), fc.constant('12345678901234567')),
    producerEpoch: int16,
    topicData: topicDataOf(fc.array(fc.oneof(plainMessage, anyMessage), { maxLength: 5 }), int32),
  },
  { requiredKeys: ['acks', 'timeout', 'topicData'] },
);
const version = fc.integer({ min: 3, max: 7 });
const clockMs = fc.oneof(
  fc.constantFrom(0, -1, 8.64e15, -8.64e15, Number.MAX_SAFE_INTEGER),
  fc.maxSafeInteger(),
);

test.each([
  ['candles', plainRequest],
  ['anything that kafkajs sends', anyRequest],
])('the bytes of %s are those of kafkajs without us', async (_, request) => {
  await fc.assert(
    fc.asyncProperty(version, request, clockMs, async (number, given, nowMs) => {
      vi.spyOn(Date, 'now').mockReturnValue(nowMs);
      expect(await isAsWithoutUs(given, number)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** Around where a number takes one byte more, and where eight bytes at a time don't come out even. */
const EDGES = [0, 1, 2, 7, 8, 9, 62, 63, 64, 65, 8190, 8191, 8192, 8193];

test.each([...EDGES, 1_048_575, 1_048_576])(
  'a key or value of %i bytes is as kafkajs writes it',
  async (length) => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 22));
    const text = 'a'.repeat(length);
    expect(await isAsWithoutUs(plain({ messages: [{ key: text, value: 'é'.repeat(length) }] }))).toBe(true);
    expect(await isAsWithoutUs(plain({ messages: [{ key: '', value: text }] }))).toBe(true);
  },
);

test.each(EDGES)('a batch of %i is as kafkajs writes it', async (length) => {
  vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 22));
  const messages = Array.from({ length }, (_, index) => ({ key: `K${index}`, value: `{"at":${index}}` }));
  expect(await isAsWithoutUs(plain({ messages }))).toBe(true);
});

test('requests in the format before record batches are left to kafkajs', async () => {
  vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 22));
  for (const old of [0, 1, 2]) expect(await isAsWithoutUs(plain({ messages: [CANDLE] }), old)).toBe(true);
});

async function isAsWithoutUs(given: ProduceArguments, number = 7): Promise<boolean> {
  const wanted = await bytesOf(pristine, number, given);
  return (await bytesOf(quick, number, given)).equals(wanted);
}

function plain({ messages, ...more }: { readonly messages: Messages } & Partial<ProduceArguments>) {
  const topicData = [{ topic: 'candles', partitions: [{ partition: 3, firstSequence: 0, messages }] }];
  return { acks: -1, timeout: 30_000, compression: 0, producerId: -1, producerEpoch: 0, topicData, ...more };
}

const CANDLE = { key: 'BTCUSDT', value: '{}' };

test.each([
  ['candles', 0, plain({ messages: [CANDLE, CANDLE] })],
  ['a message with headers', 1, plain({ messages: [CANDLE, { ...CANDLE, headers: { a: 'b' } }] })],
  ['a message with a time', 1, plain({ messages: [{ ...CANDLE, timestamp: '1' }] })],
  ['a message without a key', 1, plain({ messages: [{ ...CANDLE, key: null }] })],
  ['a message without a value', 1, plain({ messages: [{ ...CANDLE, value: null }] })],
  ['a message of bytes', 1, plain({ messages: [{ ...CANDLE, value: Buffer.from('{}') }] })],
  ['compression', 1, plain({ messages: [CANDLE], compression: 1 })],
  ['a transaction', 1, plain({ messages: [CANDLE], transactionalId: 'a' })],
  ['an idempotent producer', 1, plain({ messages: [CANDLE], producerId: '7' })],
  ['an epoch of the producer', 1, plain({ messages: [CANDLE], producerEpoch: 1 })],
  [
    'a sequence number',
    1,
    plain({
      messages: [],
      topicData: [{ topic: 'candles', partitions: [{ partition: 3, firstSequence: 1, messages: [CANDLE] }] }],
    }),
  ],
])('with %s kafkajs is left to encode %i requests', async (_, times, given) => {
  const own = freshKafkajs();
  const produce = produceOf(own);
  const original = produce.protocol;
  const encodedByKafkajs = vi.fn<() => void>();
  produce.protocol = (which) => (args) => {
    const { request, response } = original(which)(args);
    const encode = () => {
      encodedByKafkajs();
      return request.encode();
    };
    return { request: { ...request, encode }, response };
  };
  installQuickEncoder(own);
  await bytesOf(produce, 7, given);
  expect(encodedByKafkajs).toHaveBeenCalledTimes(times);
});

test('it is installed once, however many producers there are', () => {
  const own = freshKafkajs();
  const before = produceOf(own).protocol;
  installQuickEncoder(own);
  const { protocol } = produceOf(own);
  installQuickEncoder(own);
  expect(protocol).not.toBe(before);
  expect(produceOf(own).protocol).toBe(protocol);
});

test.each([
  ['of another version', 'kafkajs/package.json', { version: '2.3.0' }, 'got 2.3.0: install it, or hold'],
  [
    'with newer requests',
    'kafkajs/src/protocol/requests/produce',
    { versions: ['9'], protocol: test },
    'got protocol function, versions 9, encoder function',
  ],
  [
    'that makes requests elsewhere',
    'kafkajs/src/protocol/requests/produce',
    {},
    'got protocol undefined, versions undefined, encoder function',
  ],
  [
    'without its encoder',
    'kafkajs/src/protocol/encoder',
    {},
    'got protocol function, versions 0,1,2,3,4,5,6,7, encoder object',
  ],
])('a kafkajs %s is refused', (_, other, found, message) => {
  const own = freshKafkajs();
  const { protocol } = produceOf(own);
  expect(() => installQuickEncoder((path) => (path === other ? found : own(path)))).toThrow(message);
  expect(produceOf(own).protocol).toBe(protocol);
});
