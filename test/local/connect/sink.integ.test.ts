import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { encodeCandle } from '#domain/candle.ts';
import { CANDLE_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { beginSink } from '#local/connect/begin-sink.ts';
import { removeSink } from '#local/connect/connect-rest.ts';
import { localSink } from '#local/connect/local-sink.ts';
import { epochOf, sinkPosition } from '#local/connect/sink-topics.ts';
import { CANDLE_PARTITIONS } from '#local/kafka/topics.ts';
import { candleAt } from '#test/candles.ts';
import { readRecords } from '#test/e2e/read-topic.ts';
import { messageOf, recordedCandles, startSinkStand } from './stand.ts';
import type { SinkStand } from './stand.ts';

// One Kafka, one Connect worker with the real connector and one emulator, taken through their faults: the tests build
// on each other.
type Count = Awaited<ReturnType<SinkStand['count']>>;
let stand: SinkStand;
const PATIENCE = { timeout: 45_000, interval: 300 };
const recorded = recordedCandles(1500);
let published = 0;

beforeAll(async () => {
  stand = await startSinkStand();
});

afterAll(async () => {
  await stand[Symbol.asyncDispose]();
});

test('every candle lands once, as it was published, and the lag ends at 0', async () => {
  await publish(recorded.map(messageOf));
  const all = { rows: published, places: published };
  expect(await countOnce(all)).toEqual(all);
  const texts = (await stand.contents()).map(canonical);
  const expected = recorded.map((candle) => canonical(JSON.parse(encodeCandle(candle))));
  expect(texts.toSorted(byText)).toEqual(expected.toSorted(byText));
  await vi.waitFor(async () => expect(await stand.health()).toEqual({ kind: 'ready', lag: 0 }), PATIENCE);
}, 60_000);

test('D5 a field that nobody knew of lands with the rest', async () => {
  const candle = { ...candleAt(0), venue: { name: 'new', tiers: [1, 2] } };
  await publish([messageOf(candle)]);
  const all = { rows: published, places: published };
  expect(await countOnce(all)).toEqual(all);
  expect(await stand.contents()).toContainEqual(candle);
}, 60_000);

test('D3 what is not JSON goes to the dead-letter topic whole, with where and why; its neighbours land', async () => {
  const [before, after] = [candleAt(60_000), candleAt(120_000)].map(messageOf);
  if (before === undefined || after === undefined) throw new Error('expected two messages');
  await stand.publish([before, { key: before.key, value: '{"open": "1.0' }, after]);
  published += 2;
  const all = { rows: published, places: published };
  expect(await countOnce(all)).toEqual(all);
  await vi.waitFor(
    async () =>
      expect(await stand.health()).toEqual({
        kind: 'ready',
        lag: 0,
        detail: `1 in ${SINK_DEAD_LETTER_TOPIC}`,
      }),
    PATIENCE,
  );
  const [letter, ...others] = await readRecords(stand.brokers, SINK_DEAD_LETTER_TOPIC);
  expect(others).toEqual([]);
  expect(letter?.key?.toString()).toBe(before.key);
  expect(letter?.value?.toString()).toBe('{"open": "1.0');
  const headers = Object.entries(letter?.headers ?? {}).map(([name, value]) => [name, String(value)]);
  expect(Object.fromEntries(headers)).toMatchObject({
    '__connect.errors.topic': CANDLE_TOPIC,
    '__connect.errors.partition': expect.stringMatching(/^[0-5]$/),
    '__connect.errors.offset': expect.stringMatching(/^\d+$/),
    '__connect.errors.connector.name': `crypto-candles-${await epochOf(stand.brokers)}`,
    '__connect.errors.stage': 'VALUE_CONVERTER',
    '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
  });
}, 60_000);

test('kill -9 of the worker in the middle of its work loses nothing, nor do offsets that are rewound in Kafka', async () => {
  const before = published;
  const sink = await currentSink();
  await publish(bulk(0, 3000));
  await vi.waitFor(async () => expect((await stand.count()).rows).toBeGreaterThan(before), PATIENCE);
  await stand.killWorker();
  await publish(bulk(3000, 3000));
  expect((await stand.count()).places).toBeLessThan(published);
  await rewind(`connect-${sink.name}`);
  expect((await sinkPosition(stand.brokers, sink)).lag).toBeGreaterThanOrEqual(published);
  await stand.restartWorker();
  // the channels know better than the group how far they had come
  const all = { rows: published, places: published };
  expect(await countOnce(all)).toEqual(all);
}, 90_000);

test('a new epoch lands the whole topic once more: the same candles, each known by its partition and offset', async () => {
  const { rows } = await stand.count();
  await removeSink(stand.restUrl, (await currentSink()).name);
  await beginSink(stand.restUrl, sinkOf('second1'), stand.execute);
  const all = { rows: rows + published, places: published };
  expect(await countOnce(all)).toEqual(all);
}, 60_000);

test('B9 a topic that was made anew begins a new epoch, in which nothing is skipped', async () => {
  const { rows, places } = await stand.count();
  await removeSink(stand.restUrl, 'crypto-candles-second1');
  await stand.admin.deleteTopics({ topics: [CANDLE_TOPIC] });
  const topics = [{ topic: CANDLE_TOPIC, numPartitions: CANDLE_PARTITIONS }];
  await vi.waitFor(() => stand.admin.createTopics({ topics }), PATIENCE);
  // fewer than there were, so that every offset is one that the old channels had passed
  const anew = recorded.slice(0, 200).map(messageOf);
  await stand.publish(anew);
  await beginSink(stand.restUrl, sinkOf('third1'), stand.execute);
  const all = { rows: rows + anew.length, places };
  expect(await countOnce(all)).toEqual(all);
}, 60_000);

/** Sends them, and counts them as what has to land. */
async function publish(messages: Parameters<SinkStand['publish']>[0]): Promise<void> {
  // a request that is larger than the broker takes is refused whole
  for (let first = 0; first < messages.length; first += 1000) {
    await stand.publish(messages.slice(first, first + 1000));
  }
  published += messages.length;
}

/** What there is once there is at least so much. */
async function countOnce(least: Count): Promise<Count> {
  let count: Count = { rows: 0, places: 0 };
  const isThere = async () => {
    count = await stand.count();
    return count.rows >= least.rows && count.places >= least.places;
  };
  await vi.waitUntil(isThere, PATIENCE);
  return count;
}

/** Of twenty symbols, one minute after the other. */
function bulk(first: number, count: number) {
  return Array.from({ length: count }, (_, i) => first + i).map((index) =>
    messageOf(candleAt(Math.floor(index / 20) * 60_000, `S${index % 20}USDT`)),
  );
}

async function currentSink() {
  return sinkOf(await epochOf(stand.brokers));
}

function sinkOf(epoch: string) {
  const { warehouseUrl, keysFolder } = stand;
  return localSink({ epoch, warehouseUrl, privateKey: { folder: keysFolder, file: 'warehouse.p8' } });
}

/** Once nobody is in the group, which waits for a member that was killed. */
async function rewind(groupId: string): Promise<void> {
  await vi.waitFor(async () => {
    const { groups } = await stand.admin.describeGroups([groupId]);
    expect(groups[0]?.state).toBe('Empty');
  }, PATIENCE);
  const spans = await stand.admin.fetchTopicOffsets(CANDLE_TOPIC);
  const partitions = spans.map(({ partition }) => ({ partition, offset: '0' }));
  await stand.admin.setOffsets({ groupId, topic: CANDLE_TOPIC, partitions });
}

/** Keys in order, as the landing does not keep theirs. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
