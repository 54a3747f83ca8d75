import { expect, test } from 'vitest';
import { startReceiver } from '#test/remote-write/receiver.ts';
import { CLOSE_MS, eventOf, OPEN_MS, publishedCandle, rawRecord, recordOf } from './events.ts';
import { runConsumer } from './run-consumer.ts';
import { nameOf } from '#test/remote-write/write-request.ts';

/** Nine gauges and five latencies. */
const SAMPLES_A_CANDLE = 14;

const BTC = publishedCandle(OPEN_MS, 'BTCUSDT');
const ETH = publishedCandle(OPEN_MS, 'ETHUSDT');
const TWO = eventOf(recordOf(BTC, 40), recordOf(ETH, 41));

function failure(offset: number, partition = 0) {
  return { itemIdentifier: { partition: `candles-1m-${partition}`, offset } };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

test('good candles are stored with the headers that the protocol demands', async () => {
  await using receiver = await startReceiver();
  const { failures, report } = await runConsumer(receiver.url, TWO);
  expect(failures).toEqual([]);
  expect(report).toMatchObject({ records: 2, candles: 2, stored: 2 * SAMPLES_A_CANDLE, unsent: 0 });
  expect(receiver.stored.get(`crypto_candle_close_price ETHUSDT ${CLOSE_MS}`)).toBe(112749.72);
  expect(receiver.stored.size).toBe(2 * SAMPLES_A_CANDLE);
  for (const { method, headers } of receiver.requests) {
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      'content-encoding': 'snappy',
      'content-type': 'application/x-protobuf',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': expect.stringContaining('prometheus-consumer'),
    });
  }
});

test('C1 records that are no candles are kept aside with their place and bytes, their neighbours stored', async () => {
  await using receiver = await startReceiver();
  const { value: _, ...tombstone } = rawRecord('', 46);
  const event = eventOf(
    recordOf(BTC, 40),
    rawRecord('%%% not base64', 41),
    rawRecord(base64('{"half'), 42),
    rawRecord(base64('{"schemaVersion":1}'), 43),
    rawRecord(base64(JSON.stringify({ ...BTC, low: '999999' })), 44),
    rawRecord(Buffer.from([0xff, 0xfe]).toString('base64'), 45),
    tombstone,
    recordOf(ETH, 47),
  );
  const { failures, report, kept } = await runConsumer(receiver.url, event);
  expect(failures).toEqual([]);
  expect(receiver.stored.size).toBe(2 * SAMPLES_A_CANDLE);
  expect(kept.map(({ topic, partition, offset, reason }) => [topic, partition, offset, reason])).toEqual([
    ['candles-1m', 0, 41, 'bad-base64'],
    ['candles-1m', 0, 42, 'not-json'],
    ['candles-1m', 0, 43, 'not-a-candle'],
    ['candles-1m', 0, 44, 'broken-rule'],
    ['candles-1m', 0, 45, 'not-json'],
    ['candles-1m', 0, 46, 'no-value'],
  ]);
  expect(kept[0]?.record).toEqual(rawRecord('%%% not base64', 41));
  expect(report.poison).toEqual({
    'bad-base64': 1,
    'not-json': 2,
    'not-a-candle': 1,
    'broken-rule': 1,
    'no-value': 1,
  });
});

test('a bad record that can not be kept aside is handed back, and nothing before it', async () => {
  await using receiver = await startReceiver();
  const event = eventOf(
    recordOf(BTC, 40),
    rawRecord('%', 41),
    recordOf(ETH, 42),
    rawRecord('%', 43),
    rawRecord('%', 7, 1),
  );
  const { failures, report } = await runConsumer(receiver.url, event, {
    keepAside: async ({ partition }) => {
      if (partition === 0) throw new Error('the disk is full');
    },
  });
  expect(failures).toEqual([failure(41)]);
  expect(report).toMatchObject({ keptAside: 1, notKeptAside: 2, keepAsideError: 'the disk is full' });
});

test('the same event twice leaves the same state, and success both times', async () => {
  await using receiver = await startReceiver();
  await runConsumer(receiver.url, TWO);
  const before = new Map(receiver.stored);
  const { failures } = await runConsumer(receiver.url, TWO);
  expect(failures).toEqual([]);
  expect(receiver.stored).toEqual(before);
});

test('C4 one series that is refused with 400 is found and kept aside, the others stored, no body sent twice', async () => {
  // Prometheus says so with 500 of some
  for (const [status, body, reason] of [
    [400, 'label value too long', 'other'],
    [500, 'too old sample', 'too-old'],
  ] as const) {
    await using receiver = await startReceiver(({ series }) =>
      series.some((one) => nameOf(one) === 'crypto_candle_high_price ETHUSDT')
        ? { status, body }
        : { status: 204 },
    );
    const many = Array.from({ length: 30 }, (_, index) => publishedCandle(OPEN_MS, `S${index}USDT`));
    const event = eventOf(...many.map((candle, index) => recordOf(candle, index)), recordOf(ETH, 30));
    const { failures, report, kept } = await runConsumer(receiver.url, event);
    expect(failures).toEqual([]);
    expect(receiver.stored.size).toBe(31 * SAMPLES_A_CANDLE - 1);
    expect(report.refused).toEqual({ [reason]: 1 });
    expect(kept).toMatchObject([
      {
        topic: 'candles-1m',
        partition: 0,
        offset: 30,
        reason,
        samples: [
          {
            labels: { __name__: 'crypto_candle_high_price', symbol: 'ETHUSDT' },
            timestampMs: CLOSE_MS,
            value: '112749.73000000',
            reason,
          },
        ],
      },
    ]);
    const bodies = receiver.requests.map((request) => request.body.toString('hex'));
    expect(new Set(bodies).size).toBe(bodies.length);
  }
});

test('a receiver that refuses everything gets every sample alone once, and the batch is not handed back', async () => {
  await using receiver = await startReceiver(() => ({ status: 400, body: 'out of order sample' }));
  const { failures, report, kept } = await runConsumer(receiver.url, TWO);
  expect(failures).toEqual([]);
  expect(report.refused).toEqual({ 'out-of-order': 2 * 9 });
  expect(report.latencyReplays).toBe(2 * 5);
  expect(kept.map(({ offset, samples }) => [offset, samples?.length])).toEqual([
    [40, 9],
    [41, 9],
  ]);
  const bodies = receiver.requests.map(({ body }) => body.toString('hex'));
  expect(new Set(bodies).size).toBe(bodies.length);
});

test('samples of one series that are taken apart arrive in time order', async () => {
  const minutes = Array.from({ length: 40 }, (_, minute) => publishedCandle(OPEN_MS + minute * 60_000));
  const seen = new Map<string, number>();
  let reversed = 0;
  await using receiver = await startReceiver(({ series }) => {
    if (series.length > 1 || (series[0]?.samples.length ?? 0) > 1) return { status: 400, body: 'other' };
    for (const one of series) {
      const time = one.samples[0]?.timestampMs ?? 0;
      if (time < (seen.get(nameOf(one)) ?? 0)) reversed += 1;
      seen.set(nameOf(one), time);
    }
    return { status: 204 };
  });
  const event = eventOf(...minutes.map((candle, offset) => recordOf(candle, offset)));
  await runConsumer(receiver.url, event, { nowMs: CLOSE_MS + 40 * 60_000 });
  expect(receiver.stored.size).toBe(40 * SAMPLES_A_CANDLE);
  expect(reversed).toBe(0);
});

test('a second value for a candle of the same batch is counted and kept aside, the first one stored', async () => {
  await using receiver = await startReceiver();
  const other = publishedCandle(OPEN_MS, 'BTCUSDT', { close: '112740.00000000' });
  const { failures, report, kept } = await runConsumer(
    receiver.url,
    eventOf(recordOf(BTC, 40), recordOf(other, 41)),
  );
  expect(failures).toEqual([]);
  expect(receiver.stored.get(`crypto_candle_close_price BTCUSDT ${CLOSE_MS}`)).toBe(112749.72);
  expect(report.refused).toEqual({ conflict: 1 });
  expect(kept).toMatchObject([{ offset: 41, reason: 'conflict', samples: [{ value: '112740.00000000' }] }]);
});

test('replayed latencies that the receiver refuses neither hold up the prices nor raise an alarm', async () => {
  await using receiver = await startReceiver(({ series }) =>
    series.some((one) => nameOf(one).includes('latency'))
      ? { status: 400, body: 'duplicate sample for timestamp' }
      : { status: 204 },
  );
  const { failures, report, kept } = await runConsumer(receiver.url, TWO);
  expect([failures, kept]).toEqual([[], []]);
  expect(receiver.stored.size).toBe(2 * 9);
  expect(report).toMatchObject({ refused: {}, latencyReplays: 2 * 5 });
});

test('C5 candles too old or of the future are not sent but counted, a candle ahead by milliseconds is waited for', async () => {
  await using receiver = await startReceiver();
  const old = publishedCandle(OPEN_MS - 61 * 60_000, 'OLDUSDT');
  const future = publishedCandle(OPEN_MS + 60_000, 'FUTUREUSDT');
  const event = eventOf(recordOf(old, 1), recordOf(BTC, 2), recordOf(future, 3));
  const { failures, report, sleeps } = await runConsumer(receiver.url, event, { nowMs: CLOSE_MS - 75 });
  expect([failures, sleeps]).toEqual([[], [75]]);
  expect(receiver.stored.size).toBe(SAMPLES_A_CANDLE);
  expect(report.dropped.map(({ reason, firstOffset, candles }) => [reason, firstOffset, candles])).toEqual([
    ['too-old', 1, 1],
    ['future', 3, 1],
  ]);
});

test('C7 an event of thousands of candles is split below 1 MB, compressed or not, and stored whole', async () => {
  await using receiver = await startReceiver();
  const candles = Array.from({ length: 3_000 }, (_, index) => publishedCandle(OPEN_MS, `S${index}USDT`));
  const event = eventOf(...candles.map((candle, offset) => recordOf(candle, offset, offset % 6)));
  const { failures } = await runConsumer(receiver.url, event);
  expect(failures).toEqual([]);
  expect(receiver.requests.length).toBeGreaterThan(2);
  expect(Math.max(...receiver.requests.map(({ body }) => body.length))).toBeLessThan(1_000_000);
  expect(receiver.stored.size).toBe(3_000 * SAMPLES_A_CANDLE);
});

test('an event of another source is refused by name, since no retry would make it ours', async () => {
  await using receiver = await startReceiver();
  await expect(runConsumer(receiver.url, { Records: [] })).rejects.toThrow(
    /expected an event of Lambda's MSK source/,
  );
});
