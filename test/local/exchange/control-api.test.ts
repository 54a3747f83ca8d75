import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '#local/exchange/start.ts';
import { MINUTE, openStream, START_MS, stillExchange } from './stream-client.ts';

async function call(
  exchange: Exchange,
  method: string,
  path: string,
  body?: unknown,
): Promise<[number, unknown]> {
  const response = await fetch(`${exchange.url}/control/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  return [response.status, await response.json()];
}

describe('the control API', () => {
  test('switches faults on and off, and lists them with how often they struck', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    expect(await call(exchange, 'POST', 'faults', { kind: 'rest-status', status: 500 })).toEqual([
      200,
      { id: 1 },
    ]);
    expect(await call(exchange, 'POST', 'faults', { kind: 'missing', symbols: ['BTCUSDT'] })).toEqual([
      200,
      { id: 2 },
    ]);
    await fetch(`${exchange.url}/api/v3/time`);
    expect(await call(exchange, 'GET', 'faults')).toEqual([
      200,
      {
        active: [
          { id: 1, fault: { kind: 'rest-status', status: 500 }, strikes: 1 },
          { id: 2, fault: { kind: 'missing', at: 'stream', symbols: ['BTCUSDT'], count: 1 }, strikes: 0 },
        ],
      },
    ]);
    expect(await call(exchange, 'DELETE', 'faults/1')).toEqual([200, { removed: 1 }]);
    expect(await call(exchange, 'DELETE', 'faults/1')).toMatchObject([404, {}]);
    expect(await call(exchange, 'DELETE', 'faults')).toEqual([200, { active: [] }]);
    expect(exchange.activeFaults()).toEqual([]);
  });

  test.each([
    [{ kind: 'explode' }, /kind/],
    [{ kind: 'late' }, /delayMs/],
    [{ kind: 'refuse', status: 200 }, /status/],
    [{ kind: 'drop', code: 1006 }, /expected 1000 to 1003, 1007 to 1014 or 3000 to 4999/],
    [{ kind: 'drop', colour: 'red' }, /colour/],
    [[], /object/],
  ])('answers the bad fault %j with what was expected', async (fault, message) => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    expect(await call(exchange, 'POST', 'faults', fault)).toEqual([
      400,
      { error: expect.stringMatching(message) },
    ]);
    expect(exchange.activeFaults()).toEqual([]);
  });

  test('takes JSON only, and only from a request that names this machine as its host', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    await using _client = await openStream(`${exchange.wsUrl}/ws`);
    const body = '{"kind":"drop"}';
    const plain = await fetch(`${exchange.url}/control/faults`, { method: 'POST', body });
    expect(plain.status).toBe(415);
    const foreign = request(`${exchange.url}/control/faults`, {
      method: 'POST',
      headers: { Host: 'evil.example', 'Content-Type': 'application/json' },
    }).end(body);
    const [response] = (await once(foreign, 'response')) as [IncomingMessage]; // the event's only argument
    response.resume();
    expect(response.statusCode).toBe(403);
    expect(exchange.connections()).toBe(1);
    const broken = await fetch(`${exchange.url}/control/faults`, {
      method: 'POST',
      body: '{"kind":',
      headers: { 'Content-Type': 'application/json' },
    });
    expect([broken.status, await broken.json()]).toEqual([
      400,
      { error: expect.stringContaining('expected JSON') },
    ]);
  });

  test('tells the clock, what clients did, and which calls there are', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    clock.advance(1);
    expect(await call(exchange, 'GET', 'clock')).toEqual([
      200,
      { now: START_MS + 1, nowIso: '2026-01-01T00:00:30.001Z' },
    ]);
    expect(await call(exchange, 'GET', 'stats')).toEqual([
      200,
      { connections: 0, handshakes: 0, refusedHandshakes: 0, archiveRequests: 0, restRequests: {} },
    ]);
    expect(await call(exchange, 'GET', 'nothing')).toMatchObject([
      404,
      { error: expect.stringContaining('GET /control/ledger') },
    ]);
  });

  test('hands out the ledger as one JSON object a line, by symbol and range', async () => {
    const { exchange, clock } = await stillExchange({ symbols: 3 });
    await using _exchange = exchange;
    exchange.inject({ kind: 'missing', symbols: ['ETHUSDT'] });
    clock.advance(600_000);
    const read = async (query: string) => {
      const text = await (await fetch(`${exchange.url}/control/ledger${query}`)).text();
      return text
        .split('\n')
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line));
    };
    expect(await read('')).toEqual([...exchange.ledger()]);
    expect(await read('')).toHaveLength(30);
    const [first] = await read('?symbol=ETHUSDT');
    expect(first).toMatchObject({
      symbol: 'ETHUSDT',
      openTime: MINUTE * 60_000,
      flags: ['withheld-from-stream'],
    });
    const from = (MINUTE - 5) * 60_000;
    expect(await read(`?symbol=BTCUSDT&from=${from}&to=${from + 120_000}`)).toMatchObject(
      [0, 1, 2].map((i) => ({ symbol: 'BTCUSDT', openTime: from + i * 60_000, flags: [] })),
    );
    expect((await fetch(`${exchange.url}/control/ledger?from=yesterday`)).status).toBe(400);
  });

  test('lists and delists symbols', async () => {
    const { exchange } = await stillExchange({ symbols: 2 });
    await using _exchange = exchange;
    expect(await call(exchange, 'POST', 'listings', { symbol: 'DRV0001USDT', status: 'TRADING' })).toEqual([
      200,
      { symbol: 'DRV0001USDT', status: 'TRADING' },
    ]);
    expect(await call(exchange, 'POST', 'listings', { symbol: 'DRV0002USDT', status: 'BREAK' })).toEqual([
      400,
      { error: 'expected a listed symbol, got DRV0002USDT' },
    ]);
    const [, body] = await call(exchange, 'GET', '../api/v3/exchangeInfo');
    expect(JSON.stringify(body)).toContain('DRV0001USDT');
  });
});
