import { expect, test } from 'vitest';
import type { Answer } from '#test/remote-write/receiver.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import { eventOf, OPEN_MS, publishedCandle, recordOf } from './events.ts';
import { runConsumer } from './run-consumer.ts';

/** Nine gauges and five latencies. */
const SAMPLES_A_CANDLE = 14;

const BTC = publishedCandle(OPEN_MS, 'BTCUSDT');
const ETH = publishedCandle(OPEN_MS, 'ETHUSDT');
const TWO = eventOf(recordOf(BTC, 40), recordOf(ETH, 41));

function failure(offset: number, partition = 0) {
  return { itemIdentifier: { partition: `candles-1m-${partition}`, offset } };
}

/** Gives these answers in turn, then takes everything. */
function inTurn(...answers: readonly Answer[]) {
  return (_: unknown, index: number): Answer => answers[index] ?? { status: 204 };
}

test.each<[string, Answer]>([
  ['429', { status: 429 }],
  ['500', { status: 500, body: 'internal error' }],
  ['503', { status: 503 }],
  ['reset', 'reset'],
])('after a %s the same request is sent again, and stored', async (_, fault) => {
  await using receiver = await startReceiver(inTurn(fault, fault));
  const { failures, sleeps, report } = await runConsumer(receiver.url, TWO);
  expect(failures).toEqual([]);
  expect(receiver.stored.size).toBe(2 * SAMPLES_A_CANDLE);
  expect(sleeps).toEqual([150, 300]);
  expect(report.requests).toMatchObject({ stored: 2, unavailable: 2 });
  expect(receiver.requests[0]?.body).toEqual(receiver.requests[2]?.body);
});

test('a pause that the receiver asks for is kept to', async () => {
  await using receiver = await startReceiver(inTurn({ status: 429, headers: { 'retry-after': '7' } }));
  const { failures, sleeps } = await runConsumer(receiver.url, TWO);
  expect([failures, sleeps]).toEqual([[], [7_000]]);
});

test('a pause that does not fit into the time left is not begun: the batch is handed back at once', async () => {
  await using receiver = await startReceiver(inTurn({ status: 503, headers: { 'retry-after': '60' } }));
  const { failures, sleeps, report } = await runConsumer(receiver.url, TWO);
  expect([failures, sleeps]).toEqual([[failure(40)], []]);
  expect(receiver.requests).toHaveLength(1);
  expect(report).toMatchObject({ unsent: 2 * SAMPLES_A_CANDLE, gaveUp: '503 ' });
});

test.each<[string, Answer]>([
  ['answers 503', { status: 503 }],
  ['resets every connection', 'reset'],
])('a receiver that %s for good gets the batch handed back before the time is up', async (_, fault) => {
  await using receiver = await startReceiver(() => fault);
  const event = eventOf(recordOf(BTC, 40), recordOf(ETH, 7, 3));
  const { failures, sleeps } = await runConsumer(receiver.url, event);
  expect(failures).toEqual([failure(40), failure(7, 3)]);
  expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(20_000);
  expect(sleeps.length).toBeGreaterThan(4);
});

test.each<[string, Answer]>([
  ['never answers', 'silence'],
  ['drips its answer', 'drip'],
])('a receiver that %s is given up in time', async (_, fault) => {
  await using receiver = await startReceiver(() => fault);
  const { failures, report } = await runConsumer(receiver.url, TWO, { timeMs: 150 });
  expect(failures).toEqual([failure(40)]);
  expect(report.gaveUp).toContain('timeout');
});

test('a remaining time that is no whole number of milliseconds is as good as any', async () => {
  await using receiver = await startReceiver();
  const { failures, report } = await runConsumer(receiver.url, TWO, { timeMs: 750.25 });
  expect([failures, report.requests.unavailable]).toEqual([[], 0]);
});

test('nothing is sent once the time is up', async () => {
  await using receiver = await startReceiver();
  const { failures, report } = await runConsumer(receiver.url, TWO, { timeMs: 0 });
  expect(failures).toEqual([failure(40)]);
  expect(report.gaveUp).toBe('no time left');
  expect(receiver.requests).toEqual([]);
});

test('C8 after a 403 credentials are refreshed once, then the batch is handed back', async () => {
  await using receiver = await startReceiver(() => ({ status: 403, body: 'expired' }));
  const { failures, report, sleeps } = await runConsumer(receiver.url, TWO);
  expect([failures, sleeps]).toEqual([[failure(40)], []]);
  expect(receiver.requests).toHaveLength(2);
  expect(report.gaveUp).toBe('403 expired');
});

test('a receiver that is not there for us (404) is not asked again in the same invocation', async () => {
  await using receiver = await startReceiver(() => ({ status: 404, body: 'no such workspace' }));
  const { failures, kept } = await runConsumer(receiver.url, TWO);
  expect([failures, kept]).toEqual([[failure(40)], []]);
  expect(receiver.requests).toHaveLength(1);
});

test('each sample is either stored or handed back with its record when the receiver goes away in the middle', async () => {
  let room = 1;
  await using receiver = await startReceiver(() => (room-- > 0 ? { status: 204 } : { status: 503 }));
  const candles = Array.from({ length: 1_500 }, (_, index) => publishedCandle(OPEN_MS, `S${index}USDT`));
  const event = eventOf(...candles.map((candle, offset) => recordOf(candle, offset, offset % 2)));
  const { failures, report } = await runConsumer(receiver.url, event);
  expect(failures.length).toBe(2);
  expect(report.stored + report.unsent).toBe(1_500 * SAMPLES_A_CANDLE);
  expect(receiver.stored.size).toBe(report.stored);
});
