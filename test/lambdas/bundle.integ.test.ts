import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaMessage } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeCandle } from '#domain/candle.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import { buildEvent } from '#local/event-source/build-event.ts';
import { startBroker } from '#local/kafka/start-broker.ts';
import { createTopics } from '#local/kafka/topics.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { startHttpServer } from '#test/http-server.ts';
import { endedMinute, publishedCandle } from '#test/lambdas/prometheus-consumer/events.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { startWarehouse } from '#test/marts.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { bundleFunction, invokeOnce } from './bundled-function.ts';
import type { BundledFunction, Invocation } from './bundled-function.ts';

const resources = new AsyncDisposableStack();
let folder = '';
let store: Awaited<ReturnType<typeof startPrometheus>>;

beforeAll(async () => {
  folder = resources.use(await temporaryFolder()).path;
  const [port = 0] = await freePorts(1);
  store = resources.use(
    await startPrometheus({
      port,
      dataDir: join(folder, 'prometheus'),
      configFile: join(folder, 'prometheus.yml'),
      logFile: join(folder, 'prometheus.log'),
    }),
  );
}, 60_000);
afterAll(() => resources.disposeAsync());

/** As Lambda gives them, with an S3 of the test's own. */
function lambdaVariables(s3Url: string): Readonly<Record<string, string>> {
  return {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_SESSION_TOKEN: 'example',
    AWS_ENDPOINT_URL_S3: s3Url,
    REMOTE_WRITE_URL: store.remoteWriteUrl,
    REMOTE_WRITE_AUTH: 'sigv4',
  };
}

test('the bundled consumer takes what Kafka holds to Prometheus and S3, from its zip, in a process without anything of ours', async () => {
  const candles = ['BTCUSDT', 'ETHUSDT', 'XRPUSDT'].map((symbol) => publishedCandle(endedMinute(), symbol));
  const event = await eventFromKafka([
    ...candles.map((candle) => ({ key: candle.symbol, value: encodeCandle(candle) })),
    { key: 'BTCUSDT', value: 'no candle' },
  ]);
  const written: string[] = [];
  await using s3 = await startHttpServer((request, response) => {
    written.push(`${request.method} ${request.url?.split('?')[0]}`);
    request.resume().on('end', () => response.end());
  });
  const bundled = await bundleFunction('prometheus-consumer', folder);
  const invocation = await invokeOnce(bundled, event, {
    ...lambdaVariables(s3.url),
    REJECTED_BUCKET: 'rejected',
    HAND_BACK_BY: 'error',
  });
  report('prometheus-consumer', bundled, invocation);

  expect(invocation).toMatchObject({ error: undefined, answer: { batchItemFailures: [] } });
  expect(written).toEqual([expect.stringMatching(/^PUT \/rejected\/candles-1m\/\d\/\d{20}-\d+\.json$/)]);
  const query = encodeURIComponent(`{__name__="${CANDLE_METRICS.close}"}[1h]`);
  const answer = await fetch(`${store.url}/api/v1/query?query=${query}`);
  // the shape of a range vector
  const { data } = (await answer.json()) as {
    data: { result: { metric: { symbol: string }; values: [number, string][] }[] };
  };
  const stored = data.result.map(({ metric, values }) => [
    metric.symbol,
    values.map(([, value]) => Number(value)),
  ]);
  expect(Object.fromEntries(stored)).toEqual(
    Object.fromEntries(candles.map(({ symbol, close }) => [symbol, [Number(close)]])),
  );
}, 120_000);

test('the bundled quality exporter reaches the warehouse, and says by name what is missing there', async () => {
  await using warehouse = await startWarehouse();
  const bundled = await bundleFunction('quality-exporter', folder);
  const invocation = await invokeOnce(
    bundled,
    {},
    { ...lambdaVariables('http://127.0.0.1:1'), ...warehouse.reader },
  );
  report('quality-exporter', bundled, invocation);
  expect(invocation.error).toMatch(/mart_data_quality/i);
}, 120_000);

/** Not held to a bound, which another machine would break; a person sees it grow. */
function report(name: string, { bytes, zippedBytes }: BundledFunction, { loadMs }: Invocation): void {
  console.log(
    `${name}: ${(bytes / 1024).toFixed(0)} kB bundled, ${(zippedBytes / 1024).toFixed(0)} kB zipped, ${loadMs.toFixed(0)} ms to load`,
  );
}

/** Writes records to a broker, reads them back, and makes the event of them that Lambda would. */
async function eventFromKafka(records: readonly { readonly key: string; readonly value: string }[]) {
  const [port = 0, controllerPort = 0] = await freePorts(2);
  await using broker = await startBroker({
    port,
    controllerPort,
    dataDir: join(folder, 'kafka'),
    logFile: join(folder, 'kafka.log'),
  });
  await createTopics(broker.brokers, 2);
  const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING, retry: { retries: 10 } });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: CANDLE_TOPIC, acks: -1, messages: [...records] });
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId: 'bundle' });
  await consumer.connect();
  await consumer.subscribe({ topic: CANDLE_TOPIC, fromBeginning: true });
  const byPartition = new Map<number, KafkaMessage[]>();
  await new Promise<void>((resolve, reject) => {
    let count = 0;
    consumer
      .run({
        eachMessage: ({ partition, message }) => {
          byPartition.set(partition, [...(byPartition.get(partition) ?? []), message]);
          count += 1;
          if (count === records.length) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return buildEvent(
    [...byPartition].map(([partition, messages]) => ({ topic: CANDLE_TOPIC, partition, messages })),
    [broker.brokers],
  );
}
