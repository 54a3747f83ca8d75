import { expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { DEAD_LETTER_HEADERS } from '#domain/topics.ts';
import { readRecords } from '#test/e2e/read-topic.ts';
import { onOneBroker, wasResent } from './stand.ts';

vi.setConfig({ testTimeout: 90_000 });

const { cluster, startRun } = onOneBroker();
const { rejected, duplicates, corrections, holesOpen, reconnects } = EXPORTER_METRICS;
const within = { timeout: 30_000, interval: 100 };

const HUGE_BYTES = 10_000_000;

/** Text, and the reason it has to be counted with. */
const MALFORMED = [
  ['{"e":"kline"', 'not-json'],
  ['{"e":"kline","k":{"x":NaN}}', 'not-json'],
  ['{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":"soon","s":7,"k":{"x":true}}}', 'not-a-candle'],
  ['{"e":"aggTrade","E":1,"s":"BTCUSDT"}', 'unknown-event'],
] as const;

test.concurrent('A4 what is no candle is counted and kept with its reason, a frame of 10 MB too, and the stream goes on', async () => {
  await using run = await startRun();
  const { exchange } = run;
  const exporter = await run.exporter();
  await run.minutes(1);
  const sinceMs = Math.floor(run.clock.now() / MINUTE_MS) * MINUTE_MS;
  for (const [text] of MALFORMED) exchange.inject({ kind: 'malformed', text });
  exchange.inject({ kind: 'huge', bytes: HUGE_BYTES });
  exchange.inject({ kind: 'malformed', when: 'instead-of-closed', symbols: ['BTCUSDT'] });
  await run.minutes(2);

  const expected = MALFORMED.length + 2;
  await vi.waitFor(async () => expect(await exporter.metric(rejected.name)).toBe(expected), within);
  const letters = await vi.waitFor(async () => {
    const records = await readRecords(cluster().direct, run.letters);
    expect(records.length).toBe(expected);
    return records;
  }, within);
  const reasons = new Map(
    letters.map(({ value, headers }) => [String(value), String(headers?.[DEAD_LETTER_HEADERS.reason])]),
  );
  for (const [text, reason] of MALFORMED) expect(reasons.get(text), text).toBe(reason);
  const huge = letters.find(({ value }) => (value?.length ?? 0) > 100_000);
  expect(String(huge?.headers?.[DEAD_LETTER_HEADERS.detail])).toContain(`of ${HUGE_BYTES} bytes`);

  await run.nothingLost();
  const candles = await run.inKafka();
  // The other symbol still comes over the stream, and no frame of these has ended the socket.
  const live = candles.filter(
    ({ source, openTime }) => source === 'websocket' && Date.parse(openTime) >= sinceMs,
  );
  expect(live.map(({ symbol }) => symbol)).toContain('ETHUSDT');
  expect(await exporter.metric(reconnects.name, 'reason="closed"')).toBe(0);
  expect(await exporter.metric(reconnects.name, 'reason="error"')).toBe(0);
});

test.concurrent('A5 duplicate, late and out-of-order closed candles are one candle per key', async () => {
  await using run = await startRun();
  const { exchange } = run;
  const exporter = await run.exporter();
  await run.minutes(1);
  exchange.inject({ kind: 'duplicate', copies: 3 });
  await run.minutes(1);
  exchange.inject({ kind: 'late', delayMs: 50_000, symbols: ['BTCUSDT'] });
  exchange.inject({ kind: 'out-of-order', symbols: ['ETHUSDT'] });
  await run.minutes(3);

  const { duplicates: copies } = await run.nothingLost();
  // A batch that Kafka was slow to acknowledge is sent again.
  expect(wasResent(exporter) ? 0 : copies).toBe(0);
  // Three of two symbols, and what REST had brought before the late ones came.
  expect(await exporter.metric(duplicates.name)).toBeGreaterThanOrEqual(6);
  const flags = new Set([...exchange.ledger()].flatMap((entry) => entry.flags));
  expect(flags).toEqual(new Set(['duplicated', 'late', 'out-of-order']));
});

test.concurrent('A6 where stream and REST differ both are kept with their source, and it is counted as a correction', async () => {
  await using run = await startRun();
  const { exchange } = run;
  const exporter = await run.exporter();
  await run.minutes(1);
  // So late that REST was asked for it when the next one came; then it comes after all, with other values.
  exchange.inject({ kind: 'late', delayMs: 100_000, symbols: ['BTCUSDT'] });
  exchange.inject({ kind: 'differ', symbols: ['BTCUSDT'] });
  await run.minutes(4);

  await vi.waitFor(async () => expect(await exporter.metric(corrections.name)).toBe(1), within);
  await run.nothingLost();
  const entry = [...exchange.ledger()].find(({ flags }) => flags.includes('differs-on-stream'));
  const openTime = new Date(entry?.openTime ?? 0).toISOString();
  const both = (await run.inKafka()).filter(
    (candle) => candle.symbol === 'BTCUSDT' && candle.openTime === openTime,
  );
  const seen = both.map(({ source, baseVolume }) => `${source} ${baseVolume === entry?.row[5]}`);
  expect(new Set(seen)).toEqual(new Set(['rest true', 'websocket false']));
});

test.concurrent('A7 a minute that the exchange does not have either stays open as its gap, is asked for again, and is never made up', async () => {
  await using run = await startRun();
  const { exchange, clock } = run;
  const exporter = await run.exporter();
  await run.minutes(1);
  const open = async (kind: string) => exporter.metric(holesOpen.name, `class="${kind}"`);
  exchange.inject({ kind: 'missing', at: 'exchange', symbols: ['BTCUSDT'] });
  // This one is back after a while.
  const openMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
  exchange.inject({ kind: 'missing', at: 'stream', symbols: ['ETHUSDT'] });
  const hole = exchange.inject({ kind: 'hole', at: 'rest', from: openMs, to: openMs, symbols: ['ETHUSDT'] });
  await run.minutes(2);
  await vi.waitFor(
    async () => expect([await open('exchange'), await open('pending')]).toEqual([2, 0]),
    within,
  );
  expect(exporter.log()).toContain('hole-at-exchange');

  const asked = exchange.stats.restRequests['/api/v3/klines'] ?? 0;
  exchange.removeFault(hole);
  await vi.waitFor(async () => expect(await open('exchange')).toBe(1), within);
  expect(exchange.stats.restRequests['/api/v3/klines']).toBeGreaterThan(asked);
  await run.minutes(1);
  await run.nothingLost();
  expect([...exchange.ledger()].filter(({ flags }) => flags.includes('missing-at-exchange')).length).toBe(1);
});
