import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connect, FRAME, until } from './connect-streams.ts';
import { startStreamServer } from './stream-server.ts';

describe('a successor that is gone before it delivers', () => {
  test('leaves the old connection in its place until another one delivers', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url], { reconnectPause: { baseMs: 200, capMs: 200 } });
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected === 1);
    streams.rotateAll('server-shutdown');
    await until(() => seen.connected === 2);
    server.sockets[1]?.terminate();
    await until(() => seen.reconnects.length === 1);
    expect(streams.allConnected).toBe(true);
    await streams.add(['ETHUSDT']);
    await until(() => server.messages[0]?.some(({ method }) => method === 'SUBSCRIBE') ?? false);

    await until(() => server.sockets.length === 3);
    await delay(60);
    expect(server.sockets[0]?.readyState, 'it waits for data on the third').toBe(1);
    server.sockets[2]?.send(FRAME);
    await until(() => server.sockets[0]?.readyState === 3);
    expect(server.sockets[2]?.readyState).toBe(1);
  });

  test('leaves it there also where several in a row bring nothing', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url]);
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected === 1);
    streams.rotateAll('server-shutdown');
    for (let round = 2; round <= 4; round += 1) {
      await until(() => seen.connected === round);
      server.sockets[round - 1]?.terminate();
    }
    await until(() => seen.connected === 5);
    expect(server.sockets.map((socket) => socket.readyState)).toEqual([1, 3, 3, 3, 1]);
    server.sockets[4]?.send(FRAME);
    await until(() => server.sockets[0]?.readyState === 3);
  });
});

describe('symbols that come and go while a connection is opened', () => {
  test('are asked of the new one, during the handshake', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url]);
    await streams.add(['BTCUSDT', 'OLDUSDT']);
    await until(() => seen.connected === 1);
    server.holdHandshakes();
    streams.rotateAll('server-shutdown');
    await until(() => server.attempts.length === 2);
    await streams.add(['ETHUSDT']);
    await streams.remove(['OLDUSDT']);
    server.releaseHandshakes();
    await until(() => server.messages[1]?.length === 2);
    expect(server.messages[1]).toEqual([
      { method: 'SUBSCRIBE', params: ['ethusdt@kline_1m'] },
      { method: 'UNSUBSCRIBE', params: ['oldusdt@kline_1m'] },
    ]);
  });

  test('are asked of the first one, while its paced messages go out', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url], { controlPauseMs: 60 });
    await streams.add(Array.from({ length: 1000 }, (_, i) => `SYMBOL${i}USDT`));
    await until(() => server.controlTimes.length > 0);
    expect(seen.connected).toBe(0);
    await streams.add(['ETHUSDT']);
    await until(() => server.streams.includes('ethusdt@kline_1m'));
  });
});
