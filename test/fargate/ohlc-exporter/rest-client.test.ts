import { describe, expect, test } from 'vitest';
import type { ServerResponse } from 'node:http';
import { createExchangeApi } from '#fargate/ohlc-exporter/exchange-api.ts';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { RequestWeight } from '#fargate/ohlc-exporter/request-weight.ts';
import { createRestClient } from '#fargate/ohlc-exporter/rest-client.ts';
import { askedPauseMs } from '#fargate/ohlc-exporter/retry-after.ts';
import { resolveUniverse, selectSymbols } from '#fargate/ohlc-exporter/universe.ts';
import { startHttpServer } from '#test/http-server.ts';
import { recordingLog } from '#test/recording-log.ts';

const signal = new AbortController().signal;

function client(urls: readonly string[], timeoutMs = 2000) {
  const waits: number[] = [];
  let now = 0;
  const weight = new RequestWeight(
    6000,
    () => now,
    async (ms) => {
      waits.push(ms);
      now += ms;
    },
  );
  const { log, lines } = recordingLog();
  const hosts = new Hosts(urls, () => now);
  const get = createRestClient({ hosts, weight, log, count: () => {}, timeoutMs });
  return { get, weight, waits, lines };
}

const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_: unknown, response: ServerResponse) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

describe('A8 an exchange that refuses', () => {
  test.each([
    [429, '7', 7000],
    [418, '180', 180_000],
    [429, undefined, 60_000],
    [418, undefined, 120_000],
    [403, undefined, 60_000],
  ])('with %i and Retry-After %s gets no request before %i ms are over', async (status, header, pauseMs) => {
    let refusals = 1;
    await using server = await startHttpServer((request, response) =>
      answering(
        refusals-- > 0 ? status : 200,
        {},
        header === undefined ? {} : { 'retry-after': header },
      )(request, response),
    );
    const { get, waits } = client([server.url]);
    expect(await get('/x', 1, signal)).toMatchObject({
      kind: 'unavailable',
      reason: `HTTP ${status}`,
      retryAfterMs: pauseMs,
    });
    expect(await get('/x', 1, signal)).toMatchObject({ kind: 'ok' });
    expect(waits).toEqual([pauseMs]);
  });

  test.each([500, 502, 503])('with %i is left alone for growing pauses', async (status) => {
    await using server = await startHttpServer(answering(status, 'oops'));
    const { get } = client([server.url]);
    const pauses: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const outcome = await get('/x', 1, signal);
      pauses.push(outcome.kind === 'unavailable' ? outcome.retryAfterMs : 0);
    }
    expect(pauses[0]).toBeGreaterThanOrEqual(500);
    expect(pauses[4]).toBeGreaterThanOrEqual(8000);
  });

  test('with 503 and Retry-After is left alone for so long, while another host is asked at once', async () => {
    await using refusing = await startHttpServer(answering(503, 'busy', { 'retry-after': '7' }));
    await using server = await startHttpServer(answering(200, {}));
    const alone = client([refusing.url]);
    const refused = await alone.get('/x', 1, signal);
    expect(refused).toMatchObject({ kind: 'unavailable', reason: 'HTTP 503' });
    expect(refused.kind === 'unavailable' && refused.retryAfterMs).toBeGreaterThan(6500);
    await alone.get('/x', 1, signal);
    expect(alone.waits.map((ms) => Math.round(ms / 1000))).toEqual([7]);

    const two = client([refusing.url, server.url]);
    await two.get('/x', 1, signal);
    expect(await two.get('/x', 1, signal)).toMatchObject({ kind: 'ok' });
    expect(two.waits).toEqual([]);
  });

  test('by the firewall of one host is asked at the next one meanwhile', async () => {
    await using refusing = await startHttpServer(answering(403, 'blocked'));
    await using server = await startHttpServer(answering(200, {}));
    const { get, waits } = client([refusing.url, server.url]);
    const refused = await get('/x', 1, signal);
    expect(refused).toMatchObject({ kind: 'unavailable', reason: 'HTTP 403' });
    expect(refused.kind === 'unavailable' && refused.retryAfterMs).toBeLessThanOrEqual(1000);
    expect(await get('/x', 1, signal)).toMatchObject({ kind: 'ok' });
    expect(waits).toEqual([]);
    expect(refusing.requests).toHaveLength(1);
  });

  test('by saying nothing is given up after the time-out', async () => {
    await using server = await startHttpServer(() => {});
    const { get } = client([server.url], 100);
    expect(await get('/x', 1, signal)).toMatchObject({ kind: 'unavailable' });
  });

  test('the request itself is not asked again: an unknown symbol stays unknown', async () => {
    await using server = await startHttpServer(answering(400, { code: -1121, msg: 'Invalid symbol.' }));
    const { get } = client([server.url]);
    expect(await get('/x', 1, signal)).toEqual({ kind: 'refused', code: -1121, message: 'Invalid symbol.' });
  });

  test('with something that is not JSON is an outage, not an answer', async () => {
    await using server = await startHttpServer(answering(200, '<html>maintenance</html>'));
    const { get } = client([server.url]);
    expect(await get('/x', 1, signal)).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('expected JSON'),
    });
  });
});

test('A14 the region refused, a closed port and a name that does not resolve hand over to the next host', async () => {
  await using refusing = await startHttpServer(answering(451, 'no'));
  await using server = await startHttpServer(answering(200, { ok: 1 }));
  const { get, lines } = client([
    refusing.url,
    'http://127.0.0.1:1',
    'http://does-not-exist.invalid',
    server.url,
  ]);
  const kinds: string[] = [];
  for (let i = 0; i < 4; i += 1) kinds.push((await get('/x', 1, signal)).kind);
  expect(kinds).toEqual(['unavailable', 'unavailable', 'unavailable', 'ok']);
  expect(lines[0]?.facts).toMatchObject({ reason: expect.stringContaining('451') });
});

test('the weight that the exchange reports holds the next requests back', async () => {
  await using server = await startHttpServer(answering(200, {}, { 'x-mbx-used-weight-1m': '4799' }));
  const { get, weight, waits } = client([server.url]);
  await get('/x', 2, signal);
  expect(weight.used).toBe(4799);
  await get('/x', 2, signal);
  expect(waits).toEqual([60_000]);
});

test('Retry-After is read as seconds and as a date', () => {
  expect(askedPauseMs(503, '3', 0)).toBe(3000);
  expect(askedPauseMs(429, 'Thu, 01 Jan 1970 00:01:00 GMT', 10_000)).toBe(50_000);
  expect(askedPauseMs(429, 'soon', 0)).toBe(60_000);
  expect(askedPauseMs(503, undefined, 0)).toBe(0);
});

describe('the symbols to watch', () => {
  const listings = [
    { symbol: 'BTCUSDT', quoteAsset: 'USDT', status: 'TRADING' },
    { symbol: 'ETHUSDT', quoteAsset: 'USDT', status: 'TRADING' },
    { symbol: 'OLDUSDT', quoteAsset: 'USDT', status: 'BREAK' },
    { symbol: 'ETHBTC', quoteAsset: 'BTC', status: 'TRADING' },
  ];
  const volumes = new Map([
    ['BTCUSDT', 10],
    ['ETHUSDT', 20],
    ['OLDUSDT', 90],
    ['ETHBTC', 50],
  ]);

  test('of a list are those that trade; the others are named with their status', () => {
    const universe = selectSymbols(
      { kind: 'list', symbols: ['BTCUSDT', 'OLDUSDT', 'NOPE'] },
      listings,
      volumes,
    );
    expect(universe.symbols).toEqual(['BTCUSDT']);
    expect([...universe.absent]).toEqual([
      ['OLDUSDT', 'BREAK'],
      ['NOPE', 'unknown'],
    ]);
  });

  test('by volume are the largest that trade in the quote asset', () => {
    expect(selectSymbols({ kind: 'top', count: 1, quoteAsset: 'USDT' }, listings, volumes).symbols).toEqual([
      'ETHUSDT',
    ]);
    expect(selectSymbols({ kind: 'all', quoteAsset: 'BTC' }, listings, volumes).symbols).toEqual(['ETHBTC']);
  });

  test('are asked of the exchange, volumes only where they rank', async () => {
    await using server = await startHttpServer((request, response) =>
      answering(
        200,
        request.url?.startsWith('/api/v3/exchangeInfo')
          ? { symbols: listings }
          : [{ symbol: 'BTCUSDT', quoteVolume: '7.5' }],
      )(request, response),
    );
    const api = createExchangeApi(client([server.url]).get, () => {});
    const top = await resolveUniverse({ kind: 'top', count: 1, quoteAsset: 'USDT' }, api, signal);
    expect(top).toMatchObject({ kind: 'ok', value: { symbols: ['BTCUSDT'] } });
    await resolveUniverse({ kind: 'all', quoteAsset: 'USDT' }, api, signal);
    expect(server.requests).toEqual([
      '/api/v3/exchangeInfo',
      '/api/v3/ticker/24hr?type=MINI',
      '/api/v3/exchangeInfo',
    ]);
  });
});
