import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { inStartOrder } from '#local/supervisor/part.ts';
import type { Part } from '#local/supervisor/part.ts';
import { pipelineParts } from '#local/supervisor/pipeline.ts';
import { takenPorts } from '#local/supervisor/ports.ts';
import { USUAL_SYMBOLS } from '#local/supervisor/symbol-choice.ts';

const OPTIONS = { symbols: USUAL_SYMBOLS, speed: 1, portBase: 30_000, folder: '/nowhere' } as const;

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
    'exchange',
    'exporter',
    'consumer',
    'page',
  ]);
  expect(live.map(({ name }) => name)).toEqual(['kafka', 'prometheus', 'exporter', 'consumer', 'page']);
  expect(inStartOrder(replay)).toHaveLength(6);
  const ports = replay.flatMap((one) => one.ports);
  expect(new Set(ports)).toEqual(new Set([30_000, 30_001, 30_002, 30_003, 30_004, 30_005, 30_006]));
  expect(ports).toHaveLength(7);
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

async function environmentIn(source: 'live' | 'replay') {
  const exporter = pipelineParts({ ...OPTIONS, source }).find(({ name }) => name === 'exporter');
  return (await exporter?.prepare())?.env;
}

function part(name: string, dependsOn: readonly string[] = []): Part {
  return {
    name,
    dependsOn,
    ports: [],
    url: '',
    prepare: () => Promise.reject(new Error('not to be started')),
    check: () => Promise.reject(new Error('not to be asked')),
  };
}
