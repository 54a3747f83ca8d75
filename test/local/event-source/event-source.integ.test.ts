import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeCandle, MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { readLag } from '#local/event-source/watch-lag.ts';
import { startBroker } from '#local/kafka/start-broker.ts';
import type { RunningBroker } from '#local/kafka/start-broker.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import { candleAt } from '#test/candles.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import type { Receiver } from '#test/remote-write/receiver.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const PARTITIONS = 3;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let broker: RunningBroker;
let ports: readonly number[];

beforeAll(async () => {
  folder = await temporaryFolder();
  ports = await freePorts(2);
  broker = await runBroker();
});

afterAll(async () => {
  await broker[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function runBroker(): Promise<RunningBroker> {
  const [port = 0, controllerPort = 0] = ports;
  const dataDir = join(folder.path, 'kafka');
  return startBroker({ port, controllerPort, dataDir, logFile: join(folder.path, 'kafka.log') });
}

/** A topic of its own for each test, so that none sees another's records. */
async function createTopic(topic: string): Promise<void> {
  const admin = client().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
}

/** Records that the topic's group has not committed. */
async function lagOf(topic: string): Promise<number> {
  const admin = client().admin();
  await admin.connect();
  const lag = await readLag(admin, { topic, groupId: `group-${topic}` });
  await admin.disconnect();
  return [...lag.values()].reduce((sum, records) => sum + records, 0);
}

async function publish(topic: string, records: readonly { key: string; value: string }[]): Promise<void> {
  const producer = client().producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [...records] });
  await producer.disconnect();
}

function client(): Kafka {
  return new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING, retry: { retries: 10 } });
}

/** The same minute for the whole file, however long it takes. */
const LAST_OPEN_MS = (Math.floor(Date.now() / MINUTE_MS) - 2) * MINUTE_MS;

/** Candles of the last minutes for some symbols. */
function candles(symbols: number, minutes: number) {
  return Array.from(
    { length: minutes },
    (_, back) => LAST_OPEN_MS - (minutes - 1 - back) * MINUTE_MS,
  ).flatMap((openMs) =>
    Array.from({ length: symbols }, (_, index) => {
      const candle = candleAt(openMs, `S${index}USDT`, {
        publishedTime: toInstant(openMs + MINUTE_MS + 50),
      });
      return { key: candle.symbol, value: encodeCandle(candle) };
    }),
  );
}

async function startEventSource(
  topic: string,
  receiver: Receiver,
  env: Readonly<Record<string, string>> = {},
) {
  const [metricsPort = 0] = await freePorts(1);
  const logFile = join(folder.path, `${topic}.log`);
  const running = await startProcess({
    name: 'event source',
    command: [process.execPath, 'local/event-source/main.ts'],
    env: {
      KAFKA_BROKERS: broker.brokers,
      TOPIC: topic,
      GROUP_ID: `group-${topic}`,
      METRICS_PORT: String(metricsPort),
      REMOTE_WRITE_URL: receiver.url.href,
      REMOTE_WRITE_AUTH: 'none',
      REJECTED_FOLDER: join(folder.path, 'rejected'),
      HANDLER_TIMEOUT_MS: '4000',
      ...env,
    },
    logFile,
    isReady: async () =>
      (await fetch(`http://127.0.0.1:${metricsPort}/healthz`).catch(() => undefined))?.ok ?? false,
    timeoutMs: 20_000,
  });
  const metrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return { ...running, metrics, logFile };
}

function closePrices(receiver: Receiver): number {
  return [...receiver.stored.keys()].filter((name) => name.startsWith('crypto_candle_close_price')).length;
}

const patient = { timeout: 40_000, interval: 200 };

test('every record from before and after the start is stored and committed, and SIGTERM ends it in order', async () => {
  await createTopic('plain');
  await publish('plain', candles(20, 20));
  await using receiver = await startReceiver();
  await using source = await startEventSource('plain', receiver);
  await expect.poll(() => closePrices(receiver), patient).toBe(400);
  await publish('plain', [{ key: 'BAD', value: 'no candle' }, ...candles(25, 1)]);
  await expect.poll(() => closePrices(receiver), patient).toBe(405);
  await expect.poll(() => lagOf('plain'), patient).toBe(0);
  await expect.poll(source.metrics, patient).toMatch(/crypto_consumer_lag_records\{partition="2"\} 0/);
  const metrics = await source.metrics();
  expect(metrics).toMatch(/crypto_consumer_records_rejected_total\{reason="not-json"\} 1/);
  expect(metrics).toMatch(/crypto_consumer_records_total 426/);
  expect(metrics).toMatch(/crypto_consumer_kafka_reachable 1/);
  await source.stop();
  const log = await readFile(source.logFile, 'utf8');
  expect(log).toContain('"event":"stopped"');
}, 120_000);

test('a restart goes on behind the last commit and sends nothing again', async () => {
  await createTopic('restart');
  await publish('restart', candles(10, 10));
  {
    await using receiver = await startReceiver();
    await using _ = await startEventSource('restart', receiver);
    await expect.poll(() => lagOf('restart'), patient).toBe(0);
  }
  await using receiver = await startReceiver();
  await using _ = await startEventSource('restart', receiver);
  await publish('restart', candles(12, 1));
  await expect.poll(() => closePrices(receiver), patient).toBe(12);
}, 120_000);

test('while the receiver is away nothing is committed, and all is stored once it is back', async () => {
  await createTopic('away');
  let away = true;
  await using receiver = await startReceiver(() => (away ? { status: 503 } : { status: 204 }));
  await using source = await startEventSource('away', receiver, { HANDLER_TIMEOUT_MS: '1000' });
  await publish('away', candles(10, 10));
  await expect.poll(source.metrics, patient).toMatch(/invocations_total\{outcome="handed-back"\} [1-9]/);
  expect(await lagOf('away')).toBe(100);
  away = false;
  await expect.poll(() => closePrices(receiver), patient).toBe(100);
  await expect.poll(() => lagOf('away'), patient).toBe(0);
}, 120_000);

test('SIGTERM while the receiver is away ends it in time, and loses nothing', async () => {
  await createTopic('stopped');
  let away = true;
  await using receiver = await startReceiver(() => (away ? 'silence' : { status: 204 }));
  await publish('stopped', candles(10, 1));
  const source = await startEventSource('stopped', receiver, { HANDLER_TIMEOUT_MS: '60000' });
  await expect.poll(() => receiver.requests.length, patient).toBeGreaterThan(0);
  await source.stop();
  // It would not say so had it been killed for taking too long.
  expect(await readFile(source.logFile, 'utf8')).toContain('"event":"stopped"');
  away = false;
  await using _ = await startEventSource('stopped', receiver);
  await expect.poll(() => closePrices(receiver), patient).toBe(10);
}, 120_000);

test('after kill -9 in the middle no record is lost', async () => {
  await createTopic('killed');
  await publish('killed', candles(20, 30));
  await using receiver = await startReceiver();
  {
    await using source = await startEventSource('killed', receiver);
    await expect.poll(() => closePrices(receiver), { ...patient, interval: 5 }).toBeGreaterThan(0);
    await source.stop('SIGKILL');
  }
  // The group waits for the dead member until its session ends.
  await using _ = await startEventSource('killed', receiver);
  await expect.poll(() => closePrices(receiver), { timeout: 60_000, interval: 200 }).toBe(600);
}, 120_000);

test('Kafka away and back: the event source stays up, says so, and goes on', async () => {
  await createTopic('kafka-away');
  await using receiver = await startReceiver();
  await using source = await startEventSource('kafka-away', receiver);
  await publish('kafka-away', candles(5, 1));
  await expect.poll(() => closePrices(receiver), patient).toBe(5);
  await broker.stop('SIGKILL');
  await expect.poll(source.metrics, patient).toMatch(/crypto_consumer_kafka_reachable 0/);
  expect(await source.metrics()).not.toContain('crypto_consumer_lag_records{');
  broker = await runBroker();
  await publish('kafka-away', candles(8, 2));
  await expect.poll(() => closePrices(receiver), { timeout: 60_000, interval: 200 }).toBe(16);
  await expect.poll(source.metrics, patient).toMatch(/crypto_consumer_kafka_reachable 1/);
}, 150_000);

test('started before Kafka and its topic, it waits for both', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // not a pipe
  server.close();
  await using receiver = await startReceiver();
  await using nowhere = await startEventSource('late-nowhere', receiver, {
    KAFKA_BROKERS: `127.0.0.1:${port}`,
  });
  await using source = await startEventSource('late', receiver);
  await createTopic('late');
  await publish('late', candles(3, 1));
  await expect.poll(() => closePrices(receiver), patient).toBe(3);
  await expect.poll(() => readFile(nowhere.logFile, 'utf8'), patient).toContain('"event":"kafka-away"');
  await source.stop();
}, 120_000);
