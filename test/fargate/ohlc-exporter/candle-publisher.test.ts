import { describe, expect, test, vi } from 'vitest';
import type { Candle } from '#domain/candle.ts';
import { decodeCandle, MINUTE_MS, rejected } from '#domain/candle.ts';
import {
  CandlePublisher,
  FatalSendError,
  TooLargeError,
  MAX_BATCH_CANDLES,
  MAX_QUEUED_CANDLES,
} from '#fargate/ohlc-exporter/candle-publisher.ts';
import type { OutgoingMessage, Send } from '#fargate/ohlc-exporter/candle-publisher.ts';
import { candleAt } from '#test/candles.ts';
import { recordingLog } from '#test/recording-log.ts';

function publisherWith(send: Send) {
  const seen = { batches: [] as number[], failures: 0, lettersLost: 0 };
  const publisher = new CandlePublisher({
    send,
    topic: 'candles',
    deadLetterTopic: 'letters',
    log: recordingLog().log,
    onBatch: (candles) => seen.batches.push(candles.length),
    onFailure: () => (seen.failures += 1),
    onLettersLost: (count) => (seen.lettersLost += count),
    now: () => Date.parse('2025-10-29T04:23:01.000Z'),
    random: () => 0,
  });
  return { publisher, seen };
}

const candles = (count: number): readonly Candle[] =>
  Array.from({ length: count }, (_, i) => candleAt(i * MINUTE_MS));
const never = () => new AbortController().signal;

describe('publishing', () => {
  test('sends candles in order, keyed by symbol, stamped with the time of the hand-over', async () => {
    const sent: OutgoingMessage[] = [];
    const { publisher } = publisherWith(async (_, messages) => void sent.push(...messages));
    for (const candle of candles(3)) publisher.offer(candle);
    publisher.stop();
    await publisher.run(never());
    expect(sent.map(({ key }) => key)).toEqual(['BTCUSDT', 'BTCUSDT', 'BTCUSDT']);
    expect(sent.map(({ value }) => decodeCandle(Buffer.from(value)))).toEqual(
      candles(3).map((candle) => ({
        kind: 'candle',
        candle: { ...candle, publishedTime: '2025-10-29T04:23:01.000Z' },
      })),
    );
  });

  test('has one request in flight and caps each, so that the broker never finds one too large', async () => {
    let inFlight = 0;
    let most = 0;
    const { publisher, seen } = publisherWith(async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await Promise.resolve();
      inFlight -= 1;
    });
    for (const candle of candles(2500)) publisher.offer(candle);
    publisher.stop();
    await publisher.run(never());
    expect(seen.batches).toEqual([MAX_BATCH_CANDLES, MAX_BATCH_CANDLES, 500]);
    expect(most).toBe(1);
  });

  test('repeats what was not acknowledged, and loses nothing', async () => {
    const sent: number[] = [];
    let failing = 3;
    const { publisher, seen } = publisherWith(async (_, messages) => {
      if (failing-- > 0) throw new Error('broker away');
      sent.push(messages.length);
    });
    for (const candle of candles(10)) publisher.offer(candle);
    publisher.stop();
    await publisher.run(never());
    expect(sent).toEqual([10]);
    expect(seen.failures).toBe(3);
  });

  test('stops at once where repeating is useless', async () => {
    const { publisher } = publisherWith(async () => {
      throw new FatalSendError('expected to write to topic candles, got TOPIC_AUTHORIZATION_FAILED');
    });
    publisher.offer(candleAt(0));
    await expect(publisher.run(never())).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
  });
});

test('A10 a broker that hangs shows, and holds nobody up who gives up', async () => {
  const { publisher } = publisherWith(async () => new Promise(() => {}));
  expect(publisher.unacknowledgedMs).toBe(0);
  publisher.offer(candleAt(0));
  const giveUp = new AbortController();
  const running = publisher.run(giveUp.signal);
  await vi.waitFor(() => expect(publisher.unacknowledgedMs).toBeGreaterThan(20));
  giveUp.abort();
  await running;
  expect(publisher.queued).toBe(1);
});

describe('A12 while Kafka is away', () => {
  test('the queue stops at its bound, and says so to whoever offers more', async () => {
    const { publisher } = publisherWith(async () => {
      throw new Error('broker away');
    });
    const accepted = candles(MAX_QUEUED_CANDLES + 5).filter((candle) => publisher.offer(candle));
    expect(accepted.length).toBe(MAX_QUEUED_CANDLES);
    expect(publisher.full).toBe(true);
  });

  test('the backfill waits until half of the queue is free again', async () => {
    let open = false;
    const { publisher } = publisherWith(async () => {
      if (!open) throw new Error('broker away');
    });
    for (const candle of candles(MAX_QUEUED_CANDLES)) publisher.offer(candle);
    const giveUp = new AbortController();
    const running = publisher.run(giveUp.signal);
    let room = false;
    const waiting = publisher.room(never()).then(() => (room = true));
    await Promise.resolve();
    expect(room).toBe(false);
    open = true;
    await waiting;
    expect(publisher.queued).toBeLessThanOrEqual(MAX_QUEUED_CANDLES / 2);
    giveUp.abort();
    await running;
  });

  test('A10 giving up ends the run though the queue is not empty', async () => {
    const { publisher, seen } = publisherWith(async () => {
      throw new Error('broker away');
    });
    publisher.offer(candleAt(0));
    publisher.stop();
    const giveUp = new AbortController();
    const running = publisher.run(giveUp.signal);
    await vi.waitFor(() => expect(seen.failures).toBeGreaterThan(0));
    giveUp.abort();
    await running;
    expect(publisher.queued).toBe(1);
  });
});

describe('A4 a dead letter', () => {
  test('keeps the bytes and says why, from where and when', async () => {
    const sent: { topic: string; message: OutgoingMessage | undefined }[] = [];
    const { publisher } = publisherWith(
      async (topic, messages) => void sent.push({ topic, message: messages[0] }),
    );
    publisher.deadLetter(rejected('not-json', 'unexpected end', Buffer.from('{"a":')), 'websocket');
    publisher.stop();
    await publisher.run(never());
    expect(sent).toEqual([
      {
        topic: 'letters',
        message: {
          key: null,
          value: Buffer.from('{"a":'),
          headers: {
            reason: 'not-json',
            detail: 'unexpected end',
            origin: 'websocket',
            receivedTime: '2025-10-29T04:23:01.000Z',
          },
        },
      },
    ]);
  });

  test('of ten megabytes is kept by its beginning, with its true length', async () => {
    const sent: OutgoingMessage[] = [];
    const { publisher } = publisherWith(async (_, messages) => void sent.push(...messages));
    publisher.deadLetter(rejected('not-json', 'too much', Buffer.alloc(10_000_000, 'x')), 'websocket');
    publisher.stop();
    await publisher.run(never());
    expect(sent[0]?.value.length).toBe(512 * 1024);
    expect(sent[0]?.headers?.['detail']).toBe('first 524288 of 10000000 bytes; too much');
  });

  test('finds a bound too, in number and in bytes', () => {
    const { publisher } = publisherWith(async () => {});
    const large = rejected('not-json', '', Buffer.alloc(600_000));
    const kept = Array.from({ length: 100 }, () => publisher.deadLetter(large, 'websocket')).filter(Boolean);
    expect(kept.length).toBe(64);
    const { publisher: other } = publisherWith(async () => {});
    const small = rejected('not-json', '', Buffer.from('x'));
    expect(
      Array.from({ length: 20_000 }, () => other.deadLetter(small, 'websocket')).filter(Boolean).length,
    ).toBe(10_000);
  });
});

describe('dead letters beside candles', () => {
  test('go out together, as many as one request may hold', async () => {
    const sent: number[] = [];
    const { publisher } = publisherWith(async (_, messages) => void sent.push(messages.length));
    for (let i = 0; i < 3; i += 1)
      publisher.deadLetter(rejected('not-json', '', Buffer.alloc(300_000)), 'websocket');
    for (let i = 0; i < 100; i += 1)
      publisher.deadLetter(rejected('not-json', '', Buffer.from('{')), 'websocket');
    publisher.stop();
    await publisher.run(never());
    expect(sent).toEqual([1, 1, 101]);
  });

  test('that can not be kept hold no candle up and do not count as a failure of the candles', async () => {
    const sent: string[] = [];
    const { publisher, seen } = publisherWith(async (topic, messages) => {
      if (topic === 'letters') throw new Error('unknown topic');
      sent.push(...messages.map(({ key }) => key ?? ''));
    });
    publisher.deadLetter(rejected('not-json', '', Buffer.from('{')), 'websocket');
    const giveUp = new AbortController();
    const running = publisher.run(giveUp.signal);
    for (const candle of candles(5)) {
      publisher.offer(candle);
      await vi.waitFor(() => expect(publisher.queued).toBe(0));
    }
    expect(sent.length).toBe(5);
    expect(seen.failures).toBe(0);
    expect(publisher.queuedDeadLetters).toBe(1);
    giveUp.abort();
    await running;
  });

  test('that the broker takes in no case are counted, and the next ones go out', async () => {
    const sent: OutgoingMessage[] = [];
    const { publisher, seen } = publisherWith(async (_, messages) => {
      if (messages.some(({ value }) => value.length > 400_000))
        throw new TooLargeError('takes no request of this size');
      sent.push(...messages);
    });
    publisher.deadLetter(rejected('not-json', '', Buffer.alloc(500_000)), 'websocket');
    publisher.deadLetter(rejected('not-json', '', Buffer.alloc(100_000)), 'websocket');
    publisher.stop();
    await publisher.run(never());
    expect(seen.lettersLost).toBe(1);
    expect(sent.length).toBe(1);
  });
});

test('a topic that takes no request of the usual size gets smaller ones', async () => {
  const sent: number[] = [];
  const { publisher } = publisherWith(async (_, messages) => {
    if (messages.length > 300) throw new TooLargeError('takes no request of this size');
    sent.push(messages.length);
  });
  for (const candle of candles(1000)) publisher.offer(candle);
  publisher.stop();
  await publisher.run(never());
  expect(sent).toEqual([250, 250, 250, 250]);
});
