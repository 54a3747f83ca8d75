import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EnvironmentError } from '#domain/environment.ts';
import { parseEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { createKafka, createProducer, iamToken } from '#fargate/ohlc-exporter/kafka-client.ts';
import type { Produce } from '#fargate/ohlc-exporter/quick-encoder.ts';
import { startHttpServer } from '#test/http-server.ts';
import { recordingLog } from '#test/recording-log.ts';
import { portOf } from './port-of.ts';

const MSK_CLUSTER_ARN = 'arn:aws:kafka:eu-west-1:123456789012:cluster/candles/abc';
const { log } = recordingLog();

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-real-secret');
});
afterEach(() => vi.unstubAllEnvs());

/** Answers as MSK's GetBootstrapBrokers does. */
async function startMsk(answer: Readonly<Record<string, string>>) {
  const server = await startHttpServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
  );
  vi.stubEnv('AWS_ENDPOINT_URL_KAFKA', server.url);
  return server;
}

/** Takes the first bytes that a client sends and ends the connection. */
async function startBroker() {
  const first = Promise.withResolvers<Buffer>();
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      first.resolve(bytes);
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${portOf(server)}`,
    first: first.promise,
    [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
  };
}

describe('a cluster in place of its brokers', () => {
  test.each([
    ['iam', 'bootstrapBrokerStringSaslIam', 'TLS', (bytes: Buffer) => bytes[0] === 0x16],
    ['none', 'bootstrapBrokerString', 'plain', (bytes: Buffer) => bytes.includes('ohlc-exporter')],
  ] as const)('with KAFKA_AUTH=%s is reached at %s, by %s', async (KAFKA_AUTH, field, _, isSpoken) => {
    await using broker = await startBroker();
    await using msk = await startMsk({ [field]: `${broker.address},127.0.0.1:1`, other: 'ignored' });
    const kafka = await createKafka(parseEnvironment({ MSK_CLUSTER_ARN, KAFKA_AUTH }), log);
    expect(msk.requests).toEqual([`/v1/clusters/${encodeURIComponent(MSK_CLUSTER_ARN)}/bootstrap-brokers`]);
    const admin = kafka.admin({ retry: { retries: 2, initialRetryTime: 1 } });
    await expect(admin.connect(), 'it speaks no Kafka').rejects.toThrow(/closed|disconnected|ECONN/i);
    expect(isSpoken(await broker.first)).toBe(true);
    await admin.disconnect();
  });

  test('which has no brokers for this KAFKA_AUTH is named with what to check', async () => {
    await using _ = await startMsk({ bootstrapBrokerStringTls: '127.0.0.1:1' });
    const creating = createKafka(parseEnvironment({ MSK_CLUSTER_ARN, KAFKA_AUTH: 'iam' }), log);
    await expect(creating).rejects.toThrow(EnvironmentError);
    await expect(creating).rejects.toThrow(
      /^MSK_CLUSTER_ARN: expected IAM brokers .*got none: check KAFKA_AUTH/,
    );
  });
});

describe('KAFKA_AUTH=iam', () => {
  const env = { KAFKA_BROKERS: '127.0.0.1:9098', KAFKA_AUTH: 'iam' };

  test('needs AWS_REGION where no cluster names one, from the variables that were parsed', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    const creating = createKafka(parseEnvironment(env), log);
    await expect(creating).rejects.toThrow(EnvironmentError);
    await expect(creating).rejects.toThrow(/^AWS_REGION: expected the region .*got nothing: set it/);
    await createKafka(parseEnvironment({ ...env, AWS_REGION: 'eu-west-1' }), log);
  });

  test('signs with a token that asks IAM of the region for kafka-cluster:Connect', async () => {
    const { value } = await iamToken('eu-west-1');
    const url = new URL(Buffer.from(value, 'base64url').toString());
    expect(url.host).toBe('kafka.eu-west-1.amazonaws.com');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Credential': expect.stringMatching(/^AKIDEXAMPLE\/.*\/eu-west-1\/kafka-cluster\//),
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

test("a producer's requests are made by the quick encoder", async () => {
  // the table that kafkajs itself looks them up in
  const produce = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce') as Produce;
  createProducer(await createKafka(parseEnvironment({ KAFKA_BROKERS: '127.0.0.1:1' }), log));
  const given = { acks: -1, timeout: 1, producerId: -1, topicData: [] };
  const { request } = produce.protocol({ version: 7 })(given);
  expect(request.encode(), "kafkajs's own is a promise of it").not.toBeInstanceOf(Promise);
});
