import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toInstant } from '#domain/instant.ts';
import type { Candle } from '#domain/candle.ts';
import { CANDLE_METRICS, LATENCY_METRIC, LATENCY_STAGES } from '#domain/metrics.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import type { RunningPrometheus } from '#local/prometheus/start-prometheus.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { backfilled, endedMinute, eventOf, publishedCandle, recordOf } from './events.ts';
import { runConsumer } from './run-consumer.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: RunningPrometheus;

beforeAll(async () => {
  folder = await temporaryFolder();
  const [port = 0] = await freePorts(1);
  store = await startPrometheus({
    port,
    dataDir: join(folder.path, 'data'),
    configFile: join(folder.path, 'prometheus.yml'),
    logFile: join(folder.path, 'prometheus.log'),
  });
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** One invocation with these candles as one partition, by the real clock. */
function consume(candles: readonly Candle[], nowMs = Date.now()) {
  const event = eventOf(...candles.map((candle, offset) => recordOf(candle, offset)));
  return runConsumer(new URL(store.remoteWriteUrl), event, { nowMs });
}

/** Everything the store has of a metric and symbol, value by time. */
async function readBack(
  metric: string,
  symbol: string,
  matchers = '',
): Promise<Readonly<Record<string, number>>> {
  const query = encodeURIComponent(`${metric}{symbol="${symbol}"${matchers}}[2h]`);
  const answer = await fetch(`${store.url}/api/v1/query?query=${query}`);
  // the shape of a range vector
  const { data } = (await answer.json()) as { data: { result: { values: [number, string][] }[] } };
  expect(data.result.length).toBeLessThanOrEqual(1);
  const values = data.result[0]?.values ?? [];
  return Object.fromEntries(
    values.map(([seconds, value]) => [toInstant(Math.round(seconds * 1000)), Number(value)]),
  );
}

function expectedOf(candles: readonly Candle[], field: 'close' | 'baseVolume' = 'close') {
  return Object.fromEntries(candles.map((candle) => [candle.closeTime, Number(candle[field])]));
}

/** A symbol's minutes, oldest first, each with its own price; the last one has just ended. */
function minutes(symbol: string, count: number): readonly Candle[] {
  return Array.from({ length: count }, (_, index) => {
    const price = `112740.0000000${index % 10}`;
    return publishedCandle(endedMinute(count - index), symbol, { open: price, close: price });
  });
}

test('every number of every candle is read back as it was written', async () => {
  const candles = minutes('WHOLEUSDT', 50);
  const { failures, report } = await consume(candles);
  expect([failures, report.unsent, report.refused]).toEqual([[], 0, {}]);
  for (const [field, metric] of Object.entries(CANDLE_METRICS)) {
    const expected = candles.map((candle) => [
      candle.closeTime,
      Number(candle[field as keyof typeof CANDLE_METRICS]),
    ]); // a key of that table
    expect(await readBack(metric, 'WHOLEUSDT')).toEqual(Object.fromEntries(expected));
  }
  for (const stage of Object.values(LATENCY_STAGES)) {
    const times = Object.keys(await readBack(LATENCY_METRIC, 'WHOLEUSDT', `,stage="${stage}"`));
    expect(times).toEqual(candles.map(({ closeTime }) => closeTime));
  }
});

test('the same event twice, and two at once, leave the same state and succeed', async () => {
  const candles = minutes('REPLAYUSDT', 20);
  await consume(candles);
  const later = Date.now() + 1_500;
  const again = [
    await consume(candles, later),
    ...(await Promise.all([consume(candles, later), consume(candles, later + 1)])),
  ];
  for (const { failures, kept } of again) expect([failures, kept]).toEqual([[], []]);
  expect(await readBack(CANDLE_METRICS.close, 'REPLAYUSDT')).toEqual(expectedOf(candles));
  expect(await readBack(CANDLE_METRICS.baseVolume, 'REPLAYUSDT')).toEqual(expectedOf(candles, 'baseVolume'));
  expect(again[0]?.report.latencyReplays).toBeGreaterThan(0);
});

test('C6 a second value for a time that the store has is counted and kept aside, the first one and its neighbours stay', async () => {
  const [first] = minutes('CONFLICTUSDT', 1);
  if (!first) throw new Error('expected a candle');
  await consume([first]);
  const other = { ...first, open: '112745.00000000', close: '112745.00000000' };
  const good = minutes('GOODUSDT', 10);
  const { failures, report, kept } = await consume([other, ...good]);
  expect(failures).toEqual([]);
  expect(report.refused).toEqual({ conflict: 2 });
  expect(kept).toMatchObject([{ offset: 0, reason: 'conflict', samples: [{}, {}] }]);
  expect(await readBack(CANDLE_METRICS.close, 'CONFLICTUSDT')).toEqual(expectedOf([first]));
  expect(await readBack(CANDLE_METRICS.close, 'GOODUSDT')).toEqual(expectedOf(good));
});

test('another value for an older minute the store takes without a word, and shows from then on', async () => {
  const candles = minutes('OLDERUSDT', 3);
  await consume(candles);
  const [first, ...newer] = candles.map((candle, index) =>
    index === 0 ? { ...candle, open: '112745.00000000', close: '112745.00000000' } : candle,
  );
  if (!first) throw new Error('expected a candle');
  const { failures, report } = await consume([first]);
  // so the exporter's count of corrections is what tells of it: see the alert ValuesConflict
  expect([failures, report.refused]).toEqual([[], {}]);
  expect(await readBack(CANDLE_METRICS.close, 'OLDERUSDT')).toEqual(expectedOf([first, ...newer]));
});

test('a candle that the store finds too old (500) does not take its neighbours with it', async () => {
  await consume(minutes('NEWUSDT', 1));
  // The consumer's clock is half an hour behind here, so that the old sample gets as far as the store.
  const stale = publishedCandle(endedMinute(85), 'STALEUSDT');
  const good = minutes('NEWUSDT', 50).slice(0, 15);
  const { failures, report, kept } = await consume([stale, ...good], Date.now() - 30 * 60_000);
  expect([failures, report.dropped, report.refused]).toEqual([[], [], { 'too-old': 9 + 5 }]);
  expect(kept.map(({ offset }) => offset)).toEqual([0]);
  expect(await readBack(CANDLE_METRICS.close, 'NEWUSDT')).toMatchObject(expectedOf(good));
});

test('a hole that is filled late, within the hour, is read back in its place', async () => {
  const all = minutes('HOLEUSDT', 30);
  await consume([...all.slice(0, 10), ...all.slice(25)]);
  const backfill = all.slice(10, 25).map(backfilled);
  const { failures, report } = await consume(backfill);
  expect([failures, report.refused]).toEqual([[], {}]);
  expect(await readBack(CANDLE_METRICS.close, 'HOLEUSDT')).toEqual(expectedOf(all));
});
