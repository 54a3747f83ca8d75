import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readCandles } from '#test/e2e/pipeline.ts';
import { readTopic } from '#test/e2e/read-topic.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { answers, startExporter } from './exporter-process.ts';
import {
  between,
  closeMinutes,
  minutesInKafka,
  startExchangeWithTopics,
  startOwnBroker,
} from './exporter-stand.ts';

vi.setConfig({ testTimeout: 240_000 });

const stack = new AsyncDisposableStack();
let folder = '';
let broker: Awaited<ReturnType<typeof startOwnBroker>>;

beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
  broker = stack.use(await startOwnBroker(folder));
});

afterAll(async () => {
  await stack.disposeAsync();
}, 60_000);

const setUp = async (symbols: readonly string[] | number) => startExchangeWithTopics(symbols, broker.brokers);

describe('the exporter', () => {
  test('fills the lookback, follows the stream, and after kill -9 fills what it missed', async () => {
    await using setup = await setUp(['BTCUSDT', 'ETHUSDT']);
    const { clock, topic, env } = setup;
    const first = await startExporter(env, folder);
    await closeMinutes(clock, 3);
    await vi.waitFor(
      async () =>
        expect((await minutesInKafka(broker.brokers, topic)).get('ETHUSDT')).toEqual(
          between('11:31', '12:02'),
        ),
      { timeout: 20_000 },
    );
    // of forming candles too, which nobody reads: six of these closed one
    expect(await first.metric('crypto_exporter_frames_total')).toBeGreaterThan(100);
    await first.stop('SIGKILL');

    await closeMinutes(clock, 5);
    await using second = await startExporter(env, folder);
    await vi.waitFor(
      async () =>
        expect((await minutesInKafka(broker.brokers, topic)).get('BTCUSDT')).toEqual(
          between('11:31', '12:07'),
        ),
      { timeout: 20_000 },
    );
    // Only the hole was asked for again: five minutes of two symbols.
    expect(await second.metric('crypto_exporter_missing_minutes_found_total')).toBe(10);
    const lines = second.log().trim().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    expect(
      lines.filter((line) => !line.startsWith('{"level":')),
      'lines that are no JSON',
    ).toEqual([]);
  });

  test('A1 after a drop fills what closed while it was away, and rotates on notice', async () => {
    await using setup = await setUp(['BTCUSDT']);
    const { clock, exchange, topic, env } = setup;
    await using exporter = await startExporter(env, folder);
    exchange.inject({ kind: 'refuse', status: 503, count: 1 });
    exchange.inject({ kind: 'drop' });
    await closeMinutes(clock, 4);
    await vi.waitFor(
      async () =>
        expect((await minutesInKafka(broker.brokers, topic)).get('BTCUSDT')).toEqual(
          between('11:31', '12:03'),
        ),
      { timeout: 20_000 },
    );
    expect(await exporter.metric('crypto_exporter_reconnects_total')).toBeGreaterThanOrEqual(2);

    exchange.inject({ kind: 'shutdown' });
    await vi.waitFor(async () => expect(await exporter.metric('crypto_exporter_rotations_total')).toBe(1), {
      timeout: 10_000,
    });
  });

  test('A4 A5 A7 survives broken, repeated, late and missing candles of the exchange', async () => {
    await using setup = await setUp(['BTCUSDT', 'ETHUSDT']);
    const { clock, exchange, topic, letters, env } = setup;
    await using exporter = await startExporter(env, folder);
    exchange.inject({ kind: 'malformed', when: 'instead-of-closed', symbols: ['BTCUSDT'] });
    await closeMinutes(clock, 2);
    exchange.inject({ kind: 'duplicate', copies: 3 });
    exchange.inject({ kind: 'malformed', text: '{"e":"kline","k":{"x":NaN}}' });
    await closeMinutes(clock, 2);
    exchange.inject({ kind: 'missing', at: 'stream', symbols: ['ETHUSDT'], count: 2 });
    exchange.inject({ kind: 'missing', at: 'exchange', symbols: ['BTCUSDT'] });
    await closeMinutes(clock, 4);
    await vi.waitFor(
      async () => {
        const found = await minutesInKafka(broker.brokers, topic);
        expect(found.get('ETHUSDT')).toEqual(between('11:31', '12:07'));
        expect(found.get('BTCUSDT')).toEqual(
          between('11:31', '12:07').filter((minute) => minute !== '12:04'),
        );
      },
      { timeout: 20_000 },
    );
    expect(await exporter.metric('crypto_exporter_duplicates_total')).toBe(6);
    expect(await exporter.metric('crypto_exporter_missing_minutes_open')).toBe(1);
    expect(exporter.log()).toContain('hole-at-exchange');
    await vi.waitFor(async () => {
      const kept = await readTopic(broker.brokers, letters);
      expect(kept.map(String)).toContain('{"e":"kline","k":{"x":NaN}}');
      expect(kept.length).toBe(await exporter.metric('crypto_exporter_rejected_total'));
    });
  });

  test('says how far each reader of its topic is behind, and how many dead letters there are', async () => {
    await using setup = await setUp(['BTCUSDT']);
    const { clock, exchange, topic, letters, env } = setup;
    const partitions = [0, 1, 2].map((partition) => ({ partition, offset: '0' }));
    await broker.commit('slow-reader', topic, partitions);
    await broker.commit('reader-of-something-else', letters, [{ partition: 0, offset: '0' }]);
    await using exporter = await startExporter(env, folder);
    exchange.inject({ kind: 'malformed', text: '{"e":"kline","k":{"x":NaN}}' });
    await closeMinutes(clock, 2);
    await vi.waitFor(
      async () => {
        const records = (await readTopic(broker.brokers, topic)).length;
        expect(records).toBeGreaterThan(30);
        expect(await exporter.metric('crypto_kafka_consumer_lag_records')).toBe(records);
        expect(await exporter.metric('crypto_kafka_dead_letters_total')).toBe(1);
      },
      { timeout: 40_000, interval: 500 },
    );
    const page = await (await fetch(`${exporter.url}/metrics`)).text();
    expect(page.match(/^crypto_kafka_[a-z_]+\{.*\}/gm)).toEqual([
      'crypto_kafka_consumer_lag_records{group="slow-reader"}',
      `crypto_kafka_dead_letters_total{topic="${letters}"}`,
    ]);
  });

  test('A8 waits out a rate limit and then fills the hole', async () => {
    await using setup = await setUp(['BTCUSDT']);
    const { clock, exchange, topic, env } = setup;
    await using exporter = await startExporter(env, folder);
    exchange.inject({
      kind: 'rest-status',
      status: 429,
      retryAfterSeconds: 2,
      path: '/api/v3/klines',
      count: 1,
    });
    exchange.inject({ kind: 'missing', at: 'stream' });
    await closeMinutes(clock, 3);
    await vi.waitFor(
      async () =>
        expect((await minutesInKafka(broker.brokers, topic)).get('BTCUSDT')).toEqual(
          between('11:31', '12:02'),
        ),
      { timeout: 20_000 },
    );
    expect(exporter.log()).toContain('"reason":"HTTP 429"');
    expect(exchange.stats.restRequests['/api/v3/klines'] ?? 0).toBeLessThanOrEqual(4);
  });

  test('follows a thousand symbols, all of which close at the same moment', async () => {
    await using setup = await setUp(1000);
    const { clock, topic, env } = setup;
    await using _exporter = await startExporter({ ...env, BACKFILL_LOOKBACK: '3m' }, folder);
    await closeMinutes(clock, 3);
    await vi.waitFor(
      async () => {
        const found = await minutesInKafka(broker.brokers, topic);
        expect(found.size).toBe(1000);
        expect(new Set([...found.values()].map((minutes) => minutes.join(' ')))).toEqual(
          new Set([between('11:58', '12:02').join(' ')]),
        );
      },
      { timeout: 60_000, interval: 2000 },
    );
  });

  test('A11 two at once, as in a rolling deploy, make duplicates only', async () => {
    await using setup = await setUp(['BTCUSDT']);
    const { clock, topic, env } = setup;
    await using _first = await startExporter(env, folder);
    await using _second = await startExporter(env, folder);
    await closeMinutes(clock, 5);
    await vi.waitFor(
      async () =>
        expect((await minutesInKafka(broker.brokers, topic)).get('BTCUSDT')).toEqual(
          between('11:31', '12:04'),
        ),
      { timeout: 20_000 },
    );
    const candles = await readCandles(broker.brokers, topic);
    const values = [...candles.values()].map(
      (copies) =>
        new Set(copies.map(({ close, baseVolume, trades }) => `${close} ${baseVolume} ${trades}`)).size,
    );
    expect(Math.max(...values)).toBe(1);
  });
});

describe('Kafka', () => {
  test('A12 away for a while costs nothing, and A10 SIGTERM meanwhile still ends the process with 0', async () => {
    await using setup = await setUp(['BTCUSDT']);
    const { clock, topic, env } = setup;
    const exporter = await startExporter(env, folder);
    await broker.kill();
    await closeMinutes(clock, 5);
    await vi.waitFor(async () => expect((await fetch(`${exporter.url}/readyz`)).status).toBe(503), {
      timeout: 20_000,
    });
    expect((await fetch(`${exporter.url}/healthz`)).status).toBe(200);
    await broker.startAgain();
    await vi.waitFor(
      async () =>
        expect((await minutesInKafka(broker.brokers, topic)).get('BTCUSDT')).toEqual(
          between('11:31', '12:04'),
        ),
      { timeout: 40_000, interval: 1000 },
    );

    // Frozen is harder than gone: nothing is refused, and a client may wait for minutes.
    broker.signal('SIGSTOP');
    await closeMinutes(clock, 2);
    exporter.kill('SIGTERM');
    expect(await exporter.exited).toMatch(/\b0\b/);
    expect(exporter.log()).toMatch(/"event":"unflushed","candles":\d/);
    await broker.kill();
    await broker.startAgain();
    await using _next = await startExporter(env, folder);
    await vi.waitFor(
      async () =>
        expect((await minutesInKafka(broker.brokers, topic)).get('BTCUSDT')).toEqual(
          between('11:31', '12:06'),
        ),
      { timeout: 40_000, interval: 1000 },
    );
  });

  test('A10 frozen from the beginning does not hold up SIGTERM', async () => {
    await using setup = await setUp(['BTCUSDT']);
    broker.signal('SIGSTOP');
    try {
      const exporter = await startExporter(setup.env, folder, answers);
      const asked = performance.now();
      exporter.kill('SIGTERM');
      expect(await exporter.exited).toMatch(/\b0\b/);
      // Fargate kills after 30 s.
      expect(performance.now() - asked).toBeLessThan(15_000);
    } finally {
      broker.signal('SIGCONT');
    }
  });

  test('B7 without the topic it stops at once, naming it', async () => {
    await using setup = await setUp(['BTCUSDT']);
    const failing = startExporter({ ...setup.env, TOPIC: 'no-such-topic' }, folder);
    await expect(failing).rejects.toThrow(/expected topics no-such-topic, got none of that name/);
  });

  test('not there yet is waited for: the process answers, and says that it is not ready', async () => {
    await using setup = await setUp(['BTCUSDT']);
    await using exporter = await startExporter(
      { ...setup.env, KAFKA_BROKERS: '127.0.0.1:1' },
      folder,
      answers,
    );
    const readiness = await fetch(`${exporter.url}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({
      ready: false,
      reasons: expect.arrayContaining([expect.stringContaining('Kafka')]),
    });
  });
});

test('a bad variable stops the process by its name', async () => {
  const failing = startExporter({ KAFKA_BROKERS: '127.0.0.1:1', BACKFILL_LOOKBACK: 'yesterday' }, folder);
  await expect(failing).rejects.toThrow(
    /^\{.*BACKFILL_LOOKBACK: expected a duration like 90m, 2h or 1d, got \\"yesterday\\".*\}$/m,
  );
});
