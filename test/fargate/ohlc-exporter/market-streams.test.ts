import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { STREAM_LIMITS } from '#fargate/ohlc-exporter/stream-limits.ts';
import { connect, FORMING, FRAME, until } from './connect-streams.ts';
import { startStreamServer } from './stream-server.ts';

describe('subscribing', () => {
  test('names streams in lower case, and percent-encodes what is not ASCII', async () => {
    await using server = await startStreamServer();
    const { streams } = connect([server.url]);
    await streams.add(['BTCUSDT', '币安人生USDT']);
    await until(() => server.sockets.length === 1);
    expect(server.streams.toSorted()).toEqual([
      '%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9Fusdt@kline_1m',
      'btcusdt@kline_1m',
    ]);
  });

  test('puts at most 1,024 streams on a connection and opens as many as it needs', async () => {
    await using server = await startStreamServer();
    const { streams } = connect([server.url]);
    const symbols = Array.from({ length: 2100 }, (_, i) => `S${i}USDT`);
    await streams.add(symbols);
    await until(() => server.streams.length === 2100);
    expect(server.sockets.length).toBe(3);
    expect(new Set(server.streams)).toEqual(
      new Set(symbols.map((symbol) => `${symbol.toLowerCase()}@kline_1m`)),
    );
  });

  test('sends its messages one after the other, with the pause that keeps them under five a second', async () => {
    await using server = await startStreamServer();
    const { streams } = connect([server.url], { controlPauseMs: 60 });
    await streams.add(Array.from({ length: 1024 }, (_, i) => `SYMBOL${i}USDT`));
    await until(() => server.streams.length === 1024);
    const gaps = server.controlTimes.slice(1).map((at, i) => at - (server.controlTimes[i] ?? 0));
    expect(gaps.length).toBeGreaterThan(1);
    expect(Math.min(...gaps)).toBeGreaterThan(30);
    expect(STREAM_LIMITS.controlPauseMs).toBeGreaterThan(1000 / 4);
  });

  test('misses no frame that comes in one packet with the handshake', async () => {
    await using server = await startStreamServer();
    server.greeting = FRAME;
    const { streams, seen } = connect([server.url]);
    await streams.add(['BTCUSDT']);
    await until(() => streams.allConnected);
    await vi.waitFor(() => expect(seen.frames).toBe(1));
  });

  test('adds and removes symbols on the connection that is open', async () => {
    await using server = await startStreamServer();
    const { streams } = connect([server.url]);
    await streams.add(['BTCUSDT']);
    await until(() => streams.allConnected);
    await streams.add(['ETHUSDT']);
    await streams.remove(['BTCUSDT']);
    await until(() => server.streams.length === 3);
    expect(server.sockets.length).toBe(1);
  });
});

describe('A1 a connection that ends', () => {
  test('is replaced, and the slot reports that it was away', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url]);
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected === 1);
    server.sockets[0]?.terminate();
    await until(() => seen.connected === 2);
    expect(seen.reconnects).toEqual(['closed']);
  });

  test.each([
    ['with its members the other way round', '{"data":{"e":"kline"},"stream":"btcusdt@kline_1m"}'],
    ['with spaces', '{ "stream": "btcusdt@kline_1m", "data": { "e": "kline" } }'],
  ])('is known to deliver also by a frame %s, so that the old one goes', async (_, frame) => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url]);
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected === 1);
    streams.rotateAll('server-shutdown');
    await until(() => server.sockets.length === 2);
    server.broadcast('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}');
    await delay(60);
    expect(server.sockets[0]?.readyState, 'a notice is no data').toBe(1);
    server.broadcast(frame);
    await until(() => server.sockets[0]?.readyState === 3);
  });

  test.each([
    ['age', FRAME],
    ['server-shutdown', FORMING],
  ] as const)(
    'for reason %s is replaced before it goes: the new one delivers first',
    async (reason, frame) => {
      await using server = await startStreamServer();
      const { streams, seen } = connect([server.url], { maxAgeMs: reason === 'age' ? 150 : 3_600_000 });
      await streams.add(['BTCUSDT']);
      await until(() => seen.connected === 1);
      if (reason === 'server-shutdown') streams.rotateAll('server-shutdown');
      await until(() => server.sockets.length === 2);
      expect(server.sockets[0]?.readyState).toBe(1);
      await delay(60);
      expect(server.sockets[0]?.readyState, 'the old socket waits for data on the new one').toBe(1);
      server.broadcast(frame);
      await until(() => server.sockets[0]?.readyState === 3);
      expect(seen.rotations[0]).toBe(reason);
      expect(seen.reconnects).toEqual([]);
    },
  );
});

describe('A2 a half-open connection', () => {
  test('is noticed when not even a ping is answered', async () => {
    await using server = await startStreamServer({ autoPong: false });
    const { streams, seen } = connect([server.url], { silenceMs: 120 });
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected >= 2);
    expect(seen.reconnects[0]).toBe('silent');
  });

  test('is noticed when pings are answered and no data comes', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url], { silenceMs: 60, dataSilenceMs: 240 });
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected >= 2);
    expect(seen.reconnects[0]).toBe('silent');
  });

  test('is none as long as candles come, though all of them are forming and no one reads them', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url], { silenceMs: 60, dataSilenceMs: 240 });
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected === 1);
    for (let sent = 0; sent < 30; sent += 1) {
      server.broadcast(FORMING);
      // oxlint-disable-next-line no-await-in-loop -- as they would come
      await delay(20);
    }
    await until(() => seen.forming === 30);
    expect(seen).toEqual({ frames: 0, forming: 30, connected: 1, reconnects: [], rotations: [] });
  });

  test('for one symbol only is noticed by the deadline on its closed candle', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url], { closedDeadlineMs: 2000 });
    await streams.add(['BTCUSDT', 'ETHUSDT']);
    await until(() => seen.connected === 1);
    await delay(2100);
    streams.deadlines.closed('ETHUSDT');
    expect(streams.deadlines.stale()).toEqual(['BTCUSDT']);
    expect(streams.rotateOverdue()).toEqual(['BTCUSDT']);
    await until(() => seen.connected === 2);
    expect(seen.rotations).toEqual(['symbol-deadline']);
    expect(streams.rotateOverdue(), 'not again at once').toEqual([]);
  });
});

test('A3 a drop after a rotation is reconnected like one before it', async () => {
  await using server = await startStreamServer();
  const { streams, seen } = connect([server.url]);
  await streams.add(['BTCUSDT']);
  await until(() => seen.connected === 1);
  for (let round = 2; round <= 4; round += 1) {
    streams.rotateAll('server-shutdown');
    await until(() => server.sockets.length === round);
    server.broadcast(FRAME);
    await until(() => server.sockets[round - 2]?.readyState === 3);
  }
  server.sockets.at(-1)?.terminate();
  await until(() => seen.connected === 5);
  expect(seen.reconnects).toEqual(['closed']);
});

test('stopping closes every socket, also while one is being replaced', async () => {
  await using server = await startStreamServer();
  const { streams, abort } = connect([server.url]);
  await streams.add(['BTCUSDT']);
  await until(() => streams.allConnected);
  streams.rotateAll('server-shutdown');
  await until(() => server.sockets.length === 2);
  abort();
  await streams.stopped();
  await vi.waitFor(() => expect(server.sockets.map((socket) => socket.readyState)).toEqual([3, 3]));
});
