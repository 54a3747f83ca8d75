import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { connect, FRAME, until } from './connect-streams.ts';
import { startStreamServer } from './stream-server.ts';

describe('a refused handshake', () => {
  test('is not repeated before Retry-After is over', async () => {
    await using server = await startStreamServer();
    server.handshake = (attempt) =>
      attempt === 1 ? { kind: 'refuse', status: 429, headers: { 'retry-after': '1' } } : { kind: 'accept' };
    const { streams, seen } = connect([server.url]);
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected === 1);
    expect((server.attempts[1] ?? 0) - (server.attempts[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test('holds back every other connection to that host as well', async () => {
    await using server = await startStreamServer();
    const { streams, seen } = connect([server.url], { streamsPerConnection: 1 });
    await streams.add(['BTCUSDT', 'ETHUSDT']);
    await until(() => seen.connected === 2);
    server.handshake = (attempt) =>
      attempt === 3 ? { kind: 'refuse', status: 503, headers: { 'retry-after': '1' } } : { kind: 'accept' };
    server.sockets[0]?.terminate();
    await until(() => server.attempts.length === 3);
    server.sockets[1]?.terminate();
    await until(() => seen.connected === 4);
    expect((server.attempts[3] ?? 0) - (server.attempts[2] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test('with Retry-After by one host does not keep from the next one, unless it is a rate limit', async () => {
    await using refusing = await startStreamServer();
    await using server = await startStreamServer();
    const refuse = (status: number) => {
      refusing.handshake = () => ({ kind: 'refuse', status, headers: { 'retry-after': '60' } });
      return connect([refusing.url, server.url]).streams.add(['BTCUSDT']);
    };
    await refuse(503);
    await until(() => server.sockets.length === 1);
    await refuse(429);
    await until(() => refusing.attempts.length === 2);
    await delay(150);
    expect(server.sockets.length).toBe(1);
  });

  test.each([
    [429, 60_000],
    [418, 120_000],
  ])('with %i and no Retry-After is taken like by REST: %i ms, for every host', async (status, pauseMs) => {
    await using refusing = await startStreamServer();
    await using server = await startStreamServer();
    refusing.handshake = () => ({ kind: 'refuse', status });
    const { streams, lines } = connect([refusing.url, server.url]);
    await streams.add(['BTCUSDT']);
    await until(() => lines.some((line) => line.event === 'connection-failed'));
    await delay(100);
    const { facts } = lines.find((line) => line.event === 'connection-failed') ?? {};
    const said = z.object({ pauseMs: z.number() }).parse(facts);
    expect(said.pauseMs).toBeGreaterThan(pauseMs - 1000);
    expect([refusing.attempts.length, server.attempts.length]).toEqual([1, 0]);
  });

  test('A14 for the region, and a host that does not exist, hand over to the next host', async () => {
    await using refusing = await startStreamServer();
    refusing.handshake = () => ({ kind: 'refuse', status: 451 });
    await using server = await startStreamServer();
    const { streams, seen, lines } = connect([
      refusing.url,
      'ws://127.0.0.1:1',
      'wss://does-not-exist.invalid',
      server.url,
    ]);
    await streams.add(['BTCUSDT']);
    await until(() => seen.connected === 1);
    expect(server.sockets.length).toBe(1);
    expect(lines.find((line) => line.event === 'connection-failed')?.facts).toMatchObject({
      reason: expect.stringContaining('refuses the region'),
    });
  });

  test('comes again after growing pauses, and never spins', async () => {
    await using server = await startStreamServer();
    server.handshake = () => ({ kind: 'refuse', status: 503 });
    const { streams, abort } = connect([server.url], { reconnectPause: { baseMs: 40, capMs: 10_000 } });
    await streams.add(['BTCUSDT']);
    await delay(600);
    abort();
    // 20 + 40 + 80 + 160 ms at the least lie before the fifth.
    expect(server.attempts.length).toBeGreaterThanOrEqual(2);
    expect(server.attempts.length).toBeLessThanOrEqual(5);
  });
});

test('sockets that open and bring nothing are opened ever more seldom', async () => {
  await using server = await startStreamServer();
  const { streams, seen } = connect([server.url], { reconnectPause: { baseMs: 40, capMs: 10_000 } });
  await streams.add(['BTCUSDT']);
  const dropping = setInterval(() => server.sockets.at(-1)?.terminate(), 1);
  await delay(700);
  clearInterval(dropping);
  expect(seen.connected).toBeGreaterThanOrEqual(2);
  expect(seen.connected).toBeLessThanOrEqual(5);
});

test('sockets that bring data but refuse a subscription are opened ever more seldom as well', async () => {
  await using server = await startStreamServer();
  server.greeting = FRAME;
  const { streams, seen } = connect(
    [server.url],
    { reconnectPause: { baseMs: 40, capMs: 10_000 } },
    (connection) => connection.close('subscribe-refused'),
  );
  await streams.add(['BTCUSDT']);
  await delay(700);
  expect(seen.reconnects[0]).toBe('subscribe-refused');
  expect(seen.connected).toBeGreaterThanOrEqual(2);
  expect(seen.connected).toBeLessThanOrEqual(5);
});

test('a host that takes the connection and says nothing is given up for the next one', async () => {
  await using silent = await startStreamServer();
  await using server = await startStreamServer();
  silent.holdHandshakes();
  const { streams, seen, lines } = connect([silent.url, server.url], { handshakeTimeoutMs: 150 });
  await streams.add(['BTCUSDT']);
  await until(() => seen.connected === 1);
  expect(silent.attempts.length).toBe(1);
  expect(lines.find((line) => line.event === 'connection-failed')?.facts).toMatchObject({
    reason: 'Opening handshake has timed out',
    nextHost: server.url,
  });
  silent.releaseHandshakes();
});
