import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { openStream, START_MS, stillExchange } from './stream-client.ts';

/** Tries a handshake that is expected to be refused. */
async function refusal(url: string): Promise<IncomingMessage> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage]; // the event's only argument
  response.resume();
  return response;
}

describe('the keep-alive', () => {
  test('pings every 20 s, and keeps whoever answers with the payload', async () => {
    const { exchange, clock } = await stillExchange({ limits: { pingEveryMs: 20_000 } });
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws`);
    const payloads: string[] = [];
    client.socket.on('ping', (data) => payloads.push(data.toString('utf8')));
    for (let i = 0; i < 10; i++) {
      clock.advance(20_000);
      await client.settle();
    }
    expect(payloads).toEqual(Array.from({ length: 10 }, (_, i) => String(START_MS + (i + 1) * 20_000)));
    expect(exchange.connections()).toBe(1);
  });

  test.each([
    ['no pong', undefined],
    ['pongs with another payload', 'something else'],
  ])('cuts whoever sends %s for a minute', async (_, payload) => {
    const { exchange, clock } = await stillExchange({ limits: { pingEveryMs: 20_000 } });
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws`, { autoPong: false });
    client.socket.on('ping', () => {
      if (payload !== undefined) client.socket.pong(payload);
    });
    for (let i = 0; i < 3; i++) {
      clock.advance(20_000);
      await client.settle();
    }
    expect(exchange.connections()).toBe(1);
    clock.advance(20_000);
    expect(await client.ended()).toBe(1006);
  });

  test('answers a client’s ping with its payload', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws`);
    const pong = once(client.socket, 'pong');
    client.socket.ping('hello');
    expect(String(await pong)).toBe('hello');
  });

  test('ends after 24 hours, with a notice before', async () => {
    const { exchange, clock } = await stillExchange({ symbols: 1 });
    await using _exchange = exchange;
    await using raw = await openStream(`${exchange.wsUrl}/ws`);
    await using combined = await openStream(`${exchange.wsUrl}/stream`);
    clock.advance(24 * 3_600_000 - 10_001);
    await raw.settle();
    expect(raw.texts).toEqual([]);
    clock.advance(1);
    await raw.settle();
    await combined.settle();
    const event = `{"e":"serverShutdown","E":${clock.now()}}`;
    expect(raw.texts).toEqual([event]);
    expect(combined.texts).toEqual([`{"stream":"!serverShutdown","data":${event}}`]);
    clock.advance(10_000);
    expect(await raw.ended()).toBe(1001);
  });
});

describe('the limits of a connection', () => {
  test('end it after more than 5 messages in a second, pings and pongs included', async () => {
    const { exchange, clock } = await stillExchange({ limits: { messagesPerSecond: 5 } });
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws`);
    for (let i = 0; i < 5; i++) await client.settle();
    clock.advance(1000);
    for (let i = 0; i < 3; i++) await client.settle();
    client.socket.ping();
    client.socket.pong();
    await new Promise((resolve) => setImmediate(resolve));
    expect(exchange.connections()).toBe(1);
    client.socket.ping();
    expect(await client.ended()).toBe(1008);
  });

  test('refuse a handshake with too many streams, an overlong address or an unknown path', async () => {
    const { exchange } = await stillExchange({ limits: { urlLength: 8000, streamsPerConnection: 10 } });
    await using _exchange = exchange;
    const streams = Array.from({ length: 11 }, (_, i) => `a${i}@kline_1m`).join('/');
    expect((await refusal(`${exchange.url}/stream?streams=${streams}`)).statusCode).toBe(400);
    expect((await refusal(`${exchange.url}/ws/${'a'.repeat(8000)}`)).statusCode).toBe(414);
    expect((await refusal(`${exchange.url}/ws/%E0%A4%A`)).statusCode).toBe(400);
    expect((await refusal(`${exchange.url}/elsewhere`)).statusCode).toBe(404);
    expect(exchange.stats).toMatchObject({ handshakes: 4, refusedHandshakes: 4 });
  });

  test('refuse more than so many attempts in 5 minutes, and say when to come back', async () => {
    const { exchange, clock } = await stillExchange({ limits: { connectionAttempts: 2 } });
    await using _exchange = exchange;
    await using _first = await openStream(`${exchange.wsUrl}/ws`);
    clock.advance(10_000);
    await using _second = await openStream(`${exchange.wsUrl}/ws`);
    const response = await refusal(`${exchange.url}/ws`);
    expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '290']);
    clock.advance(301_000);
    await using third = await openStream(`${exchange.wsUrl}/ws`);
    await third.settle();
  });
});
