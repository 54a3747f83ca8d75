import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readStreamFrame } from '#domain/kline-event.ts';
import { openStream, START_MS, stillExchange } from './stream-client.ts';

const BOTH = 'stream?streams=btcusdt@kline_1m/ethusdt@kline_1m';

async function handshakeStatus(url: string): Promise<[number | undefined, string | undefined]> {
  const socket = new WebSocket(url);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode?: number; headers: Record<string, string> },
  ]; // ws's own arguments
  return [response.statusCode, response.headers['retry-after']];
}

describe('faults of connections', () => {
  test('drop closes those that are open, with the code or without a closing frame', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const first = await openStream(`${exchange.wsUrl}/ws`);
    expect(exchange.inject({ kind: 'drop', code: 1012 })).toBe(0);
    expect(await first.ended()).toBe(1012);
    const second = await openStream(`${exchange.wsUrl}/ws`);
    exchange.inject({ kind: 'drop' });
    expect(await second.ended()).toBe(1006);
    await using third = await openStream(`${exchange.wsUrl}/ws`);
    await third.settle();
  });

  test('stall silences those that are open but answers pings; a new connection hears everything', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using stalled = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'stall' });
    await using fresh = await openStream(`${exchange.wsUrl}/${BOTH}`);
    clock.advance(60_000);
    await fresh.settle();
    const pong = once(stalled.socket, 'pong');
    stalled.socket.ping();
    await pong;
    expect(stalled.texts).toEqual([]);
    expect(fresh.closed()).toHaveLength(2);
    exchange.clearFaults();
    clock.advance(60_000);
    await stalled.settle();
    expect(stalled.closed('BTCUSDT').map(({ k }) => k.t)).toEqual([START_MS + 30_000]);
  });

  test('stall without pongs answers nothing at all and ends by itself after its duration', async () => {
    const { exchange, clock } = await stillExchange({ limits: { pingEveryMs: 20_000 } });
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    let heard = 0;
    for (const event of ['ping', 'pong', 'message'] as const) client.socket.on(event, () => (heard += 1));
    exchange.inject({ kind: 'stall', pongs: false, connections: 'all', durationMs: 45_000 });
    client.socket.ping();
    client.socket.send('{"method":"LIST_SUBSCRIPTIONS","id":1}');
    clock.advance(44_000);
    await fetch(`${exchange.url}/api/v3/ping`);
    expect(heard).toBe(0);
    clock.advance(2000);
    await client.settle();
    expect(client.klines()).toHaveLength(2);
  });

  test('stall of one symbol leaves the others', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'stall', symbols: ['BTCUSDT'] });
    clock.advance(60_000);
    await client.settle();
    expect(new Set(client.klines().map((kline) => kline.s))).toEqual(new Set(['ETHUSDT']));
  });

  test('refuse answers handshakes with its status as often as it says', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    exchange.inject({ kind: 'refuse', status: 429, retryAfterSeconds: 7, count: 1 });
    exchange.inject({ kind: 'refuse', status: 451, count: 1 });
    expect(await handshakeStatus(`${exchange.wsUrl}/ws`)).toEqual([429, '7']);
    expect(await handshakeStatus(`${exchange.wsUrl}/ws`)).toEqual([451, undefined]);
    await using client = await openStream(`${exchange.wsUrl}/ws`);
    await client.settle();
  });

  test('handshake-timeout leaves a handshake without an answer', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    exchange.inject({ kind: 'handshake-timeout', count: 1 });
    const socket = new WebSocket(`${exchange.wsUrl}/ws`, { handshakeTimeout: 50 });
    const [error] = (await once(socket, 'error')) as [Error]; // the event's only argument
    expect(error.message).toContain('timed out');
  });

  test('shutdown gives notice at once and ends the connection a little later', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'shutdown', closeAfterMs: 5000 });
    clock.advance(4000);
    await client.settle();
    expect(client.texts[0]).toBe(
      `{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":${START_MS}}}`,
    );
    expect(client.klines()).toHaveLength(4);
    clock.advance(1000);
    expect(await client.ended()).toBe(1001);
  });

  test('huge and malformed frames come between the others', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'huge' });
    exchange.inject({ kind: 'malformed', text: '{"e":"kline","E":NaN}' });
    exchange.inject({ kind: 'malformed', count: 2 });
    clock.advance(30_000);
    await client.settle();
    expect(client.texts[0]).toHaveLength(10_000_000);
    expect(client.texts[1]).toBe('{"e":"kline","E":NaN}');
    expect(client.texts.slice(2, 4).map((text) => readStreamFrame(Buffer.from(text), 0).kind)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(client.closed()).toHaveLength(2);
  });
});

describe('faults of REST', () => {
  test('answer with the status as often as it says, leaving /api/v3/ping alone', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    exchange.inject({ kind: 'rest-status', status: 503, retryAfterSeconds: 3, count: 2 });
    const time = () => fetch(`${exchange.url}/api/v3/time`);
    expect((await fetch(`${exchange.url}/api/v3/ping`)).status).toBe(200);
    const first = await time();
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '3']);
    expect((await time()).status).toBe(503);
    expect((await time()).status).toBe(200);
  });

  test('hit only the path they name, for as long as they say', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    exchange.inject({ kind: 'rest-status', status: 418, path: '/api/v3/klines', durationMs: 10_000 });
    const status = async (path: string) => (await fetch(`${exchange.url}${path}`)).status;
    const klines = '/api/v3/klines?symbol=BTCUSDT&interval=1m';
    expect([await status('/api/v3/time'), await status(klines), await status(klines)]).toEqual([
      200, 418, 418,
    ]);
    clock.advance(10_000);
    expect(await status(klines)).toBe(200);
  });

  test('never answer, or cut the connection', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const id = exchange.inject({ kind: 'rest-timeout' });
    await expect(fetch(`${exchange.url}/api/v3/time`, { signal: AbortSignal.timeout(100) })).rejects.toThrow(
      'timeout',
    );
    expect(exchange.removeFault(id)).toBe(true);
    exchange.inject({ kind: 'rest-reset', count: 1 });
    await expect(fetch(`${exchange.url}/api/v3/time`)).rejects.toThrow('fetch failed');
    expect((await fetch(`${exchange.url}/api/v3/time`)).status).toBe(200);
    expect(exchange.stats.restRequests).toEqual({ '/api/v3/time': 3 });
  });
});
