import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { parseEnvironment as parseConsumer } from '#lambdas/prometheus-consumer/env.ts';
import { parseEnvironment as parseExporter } from '#fargate/ohlc-exporter/env.ts';
import { createMetrics } from '#local/event-source/metrics.ts';
import { inStartOrder, withDependents } from '#local/supervisor/part.ts';
import type { Part } from '#local/supervisor/part.ts';
import { pipelineParts } from '#local/supervisor/pipeline.ts';
import { takenPorts } from '#local/supervisor/ports.ts';
import { USUAL_SYMBOLS } from '#local/supervisor/symbol-choice.ts';

const OPTIONS = {
  symbols: USUAL_SYMBOLS,
  speed: 1,
  portBase: 30_000,
  batch: false,
  folder: '/nowhere',
} as const;

test('each part comes after those it depends on', () => {
  const parts = [part('page', ['exporter']), part('exporter', ['kafka']), part('kafka')];
  expect(inStartOrder(parts).map(({ name }) => name)).toEqual(['kafka', 'exporter', 'page']);
});

test.for([
  ['a circle', [part('a', ['b']), part('b', ['a'])]],
  ['an unknown part', [part('a', ['nobody'])]],
] as const)('parts that depend on %s are refused', ([, parts]) => {
  expect(() => inStartOrder(parts)).toThrow('without a circle');
});

test('the replay exchange is a part of a replay only, and every part has ports of its own', () => {
  const replay = pipelineParts({ ...OPTIONS, source: 'replay' });
  const live = pipelineParts({ ...OPTIONS, source: 'live' });
  expect(replay.map(({ name }) => name)).toEqual([
    'kafka',
    'prometheus',
    'alertmanager',
    'exchange',
    'exporter',
    'consumer',
    'page',
  ]);
  expect(live.map(({ name }) => name)).toEqual([
    'kafka',
    'prometheus',
    'alertmanager',
    'exporter',
    'consumer',
    'page',
  ]);
  expect(inStartOrder(replay)).toHaveLength(7);
  const ports = replay.flatMap((one) => one.ports);
  expect(new Set(ports)).toEqual(new Set([30_000, 30_001, 30_002, 30_003, 30_004, 30_005, 30_006, 30_010]));
  expect(ports).toHaveLength(8);
});

test('the warehouse half is there unless it is left out, on ports of its own, and no live part depends on it', () => {
  const parts = pipelineParts({ ...OPTIONS, source: 'replay', batch: true });
  const batch = parts.filter(({ half }) => half === 'batch');
  expect(batch.map(({ name }) => name).slice(0, 2)).toEqual(['warehouse', 'connect']);
  const lost = withDependents(
    batch.map(({ name }) => name),
    parts,
  );
  expect(lost).toEqual(new Set(batch.map(({ name }) => name)));
  const ports = parts.flatMap((one) => one.ports);
  expect(new Set(ports).size).toBe(ports.length);
  const without = pipelineParts({ ...OPTIONS, source: 'replay' });
  expect(without).toHaveLength(parts.length - batch.length);
  expect(without.filter(({ half }) => half === 'batch')).toEqual([]);
});

test('only the replay tells the exporter where the exchange is, and only the live one leaves it at Binance', async () => {
  expect(await environmentIn('replay')).toMatchObject({
    BINANCE_WS_URLS: 'ws://127.0.0.1:30001',
    BINANCE_REST_URLS: 'http://127.0.0.1:30001',
    SYMBOLS: 'top:20',
    METRICS_HOST: '127.0.0.1',
  });
  expect(
    Object.keys((await environmentIn('live')) ?? {}).filter((name) => name.startsWith('BINANCE')),
  ).toEqual([]);
});

test('what the user has exported for AWS does not reach the parts', async () => {
  const exporter = { MSK_CLUSTER_ARN: 'arn:aws:kafka:eu-west-1:1:cluster/a/b', KAFKA_AUTH: 'iam' };
  expect(parseExporter({ ...exporter, ...(await environmentIn('replay')) })).toMatchObject({
    kafka: { kind: 'brokers', brokers: ['127.0.0.1:30002'] },
    kafkaAuth: 'none',
  });
  const consumer = { REJECTED_BUCKET: 'theirs', REMOTE_WRITE_AUTH: 'sigv4' };
  expect(parseConsumer({ ...consumer, ...(await environmentIn('replay', 'consumer')) })).toMatchObject({
    auth: { kind: 'none' },
    rejected: { kind: 'folder', folder: '/nowhere/replay/rejected' },
  });
});

test('the consumer is asked for its lag over all partitions, and waits while it knows none', async () => {
  const answer = { metrics: '' };
  const server = createHttpServer((_, response) => response.end(answer.metrics));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // its port is the sixth after the base
  const options = { ...OPTIONS, source: 'replay', portBase: port - 6 } as const;
  const consumer = pipelineParts(options).find(({ name }) => name === 'consumer');
  try {
    const { registry, setLag, setKafkaAway } = createMetrics();
    setLag(new Map([0, 1, 2].map((partition) => [partition, partition * 10])));
    answer.metrics = await registry.metrics();
    expect(await consumer?.check()).toEqual({ kind: 'ready', lag: 30 });
    setKafkaAway();
    answer.metrics = await registry.metrics();
    expect(await consumer?.check()).toMatchObject({
      kind: 'waiting',
      detail: expect.stringContaining('lag unknown'),
    });
  } finally {
    server.close();
  }
});

test('a port that is taken is named, with the part that needs it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    expect(await takenPorts([{ ...part('kafka'), ports: [port] }])).toEqual([
      `port ${port} is taken, which kafka needs`,
    ]);
  } finally {
    server.close();
  }
  expect(await takenPorts([{ ...part('kafka'), ports: [port] }])).toEqual([]);
});

async function environmentIn(source: 'live' | 'replay', wanted = 'exporter') {
  const found = pipelineParts({ ...OPTIONS, source }).find(({ name }) => name === wanted);
  return (await found?.prepare())?.env;
}

function part(name: string, dependsOn: readonly string[] = []): Part {
  return {
    name,
    half: 'live',
    dependsOn,
    ports: [],
    url: '',
    prepare: () => Promise.reject(new Error('not to be started')),
    check: () => Promise.reject(new Error('not to be asked')),
  };
}
