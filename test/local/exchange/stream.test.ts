import { describe, expect, test } from 'vitest';
import { readStreamFrame } from '#domain/kline-event.ts';
import { klineRow } from '#local/exchange/kline-row.ts';
import { openListings } from '#local/exchange/listings.ts';
import { MINUTE, openStream, rowOf, START_MS, stillExchange } from './stream-client.ts';

const btc = openListings(['BTCUSDT']).get('BTCUSDT')?.market;

describe('kline frames', () => {
  test('are bare on a raw stream, and wrapped with the name of the stream on a combined one', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using raw = await openStream(`${exchange.wsUrl}/ws/btcusdt@kline_1m`);
    await using combined = await openStream(
      `${exchange.wsUrl}/stream?streams=btcusdt@kline_1m/ethusdt@kline_1m`,
    );
    clock.advance(2000);
    await raw.settle();
    await combined.settle();
    expect(raw.klines().map((kline) => kline.s)).toEqual(['BTCUSDT']);
    expect(combined.klines().map((kline) => kline.stream)).toEqual(['btcusdt@kline_1m', 'ethusdt@kline_1m']);
    expect(combined.texts[0]).toBe(`{"stream":"btcusdt@kline_1m","data":${raw.texts[0]}}`);
  });

  test('come every 2 s, the closed one after the minute with the recording’s own decimals', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws/btcusdt@kline_1m`);
    clock.advance(92_000);
    await client.settle();
    const klines = client.klines();
    expect(klines.map(({ E, k }) => [E - START_MS, k.x])).toEqual([
      ...Array.from({ length: 14 }, (_, i) => [(i + 1) * 2000, false]),
      [30_000, true],
      ...Array.from({ length: 29 }, (_, i) => [30_000 + (i + 1) * 2000, false]),
      [90_000, true],
      [92_000, false],
    ]);
    const closed = client.closed();
    expect(closed.map(rowOf)).toEqual([0, 1].map((i) => btc && klineRow(btc.candle(MINUTE + i))));
    expect(closed[1]?.k.f).toBe((closed[0]?.k.L ?? 0) + 1);
  });

  test('are read by the pipeline’s own codec', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(
      `${exchange.wsUrl}/stream?streams=btcusdt@kline_1m/drv0004usdt@kline_1m`,
    );
    clock.advance(120_000);
    await client.settle();
    const kinds = client.texts.map((text) => readStreamFrame(Buffer.from(text), clock.now()).kind);
    expect(kinds.filter((kind) => kind === 'closed')).toHaveLength(4);
    expect(new Set(kinds)).toEqual(new Set(['closed', 'forming']));
  });

  test('of closed candles are spread over 2 s after the minute, before any update of the next one', async () => {
    const { exchange, clock } = await stillExchange({ symbols: 40, closeLagMs: 1900 });
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws`);
    const symbols = [...exchange.ledger({ fromMs: START_MS - 90_000 })].map((entry) => entry.symbol);
    expect(symbols).toHaveLength(40);
    await client.ask({
      method: 'SUBSCRIBE',
      params: symbols.map((s) => `${s.toLowerCase()}@kline_1m`),
      id: 1,
    });
    clock.advance(60_000);
    await client.settle();
    const lags = client.closed().map(({ E, k }) => E - (k.T + 1));
    expect(lags).toHaveLength(40);
    expect(Math.min(...lags)).toBe(4);
    expect(Math.max(...lags)).toBeLessThan(2000);
    const minutes = client
      .klines()
      .filter((kline) => kline.s === 'DRV0007USDT')
      .map((kline) => kline.k.t);
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
  });

  test('of closed candles come without exception when the clock runs fast', async () => {
    const { exchange, clock } = await stillExchange({ speed: 600 });
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws/ethusdt@kline_1m`);
    clock.advance(8000);
    await client.settle();
    const opened = client.closed().map(({ k }) => k.t / 60_000);
    expect(opened).toEqual(Array.from({ length: opened.length }, (_, i) => MINUTE - 55 + i));
    expect(opened.at(-1)).toBe(MINUTE - 1);
  });

  test('are silent for upper-case names, unknown symbols and other streams, and come for URL-encoded ones', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    const silent = 'BTCUSDT@kline_1m/btcusdt@KLINE_1m/nosuchusdt@kline_1m/btcusdt@trade/btcusdt@kline_5m';
    await using client = await openStream(`${exchange.wsUrl}/stream?streams=${silent}`);
    await using encoded = await openStream(
      `${exchange.wsUrl}/stream?streams=${encodeURIComponent('btcusdt@kline_1m')}`,
    );
    clock.advance(60_000);
    await client.settle();
    await encoded.settle();
    expect(client.texts).toEqual([]);
    expect(encoded.closed()).toHaveLength(1);
  });
});

describe('requests over the stream', () => {
  test('subscribe, list and unsubscribe', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws`);
    const [btcStream, ethStream] = ['btcusdt@kline_1m', 'ethusdt@kline_1m'];
    expect(await client.ask({ method: 'SUBSCRIBE', params: [btcStream, ethStream], id: 7 })).toEqual({
      result: null,
      id: 7,
    });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 'a' })).toEqual({
      result: [btcStream, ethStream],
      id: 'a',
    });
    expect(await client.ask({ method: 'UNSUBSCRIBE', params: [btcStream], id: null })).toEqual({
      result: null,
      id: null,
    });
    clock.advance(30_000);
    await client.settle();
    expect(client.closed().map((kline) => kline.s)).toEqual(['ETHUSDT']);
  });

  test('switch between raw and combined', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws/btcusdt@kline_1m`);
    expect(await client.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 1 })).toEqual({
      result: false,
      id: 1,
    });
    await client.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 2 });
    clock.advance(2000);
    await client.settle();
    expect(client.klines().map((kline) => kline.stream)).toEqual(['btcusdt@kline_1m']);
  });

  test.each([
    ['{"method":', 3, 'Invalid JSON: expected value at line 1 column 1', undefined],
    ['{"params":["a"],"id":1}', 2, 'Invalid request: missing field `method` at line 1 column 23', undefined],
    [
      '{"method":"SUBSCRIB","id":1}',
      2,
      'Invalid request: unknown variant `SUBSCRIB`, expected one of `SUBSCRIBE`, ',
      undefined,
    ],
    [
      '{"method":"LIST_SUBSCRIPTIONS"}',
      2,
      'Invalid request: request ID must be an unsigned integer',
      undefined,
    ],
    [
      '{"method":"LIST_SUBSCRIPTIONS","id":1.5}',
      2,
      'Invalid request: request ID must be an unsigned integer',
      undefined,
    ],
    ['{"method":"LIST_SUBSCRIPTIONS","params":[1],"id":1}', 2, 'Invalid request: too many parameters', 1],
    ['{"method":"GET_PROPERTY","params":[],"id":1}', 2, 'Invalid request: property name must be a string', 1],
    ['{"method":"GET_PROPERTY","params":["color"],"id":1}', 0, 'Unknown property', 1],
    [
      '{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}',
      1,
      'Invalid value type: expected Boolean',
      1,
    ],
  ])('answer %s with code %d', async (request, code, msg, id) => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws`);
    expect(await client.ask(request)).toEqual({
      error: { code, msg: expect.stringContaining(msg) },
      ...(id === undefined ? {} : { id }),
    });
  });

  test('are refused beyond the limit of streams, which leaves the connection as it was', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/ws/btcusdt@kline_1m`);
    const params = Array.from({ length: 1024 }, (_, i) => `s${i}@kline_1m`);
    expect(await client.ask({ method: 'SUBSCRIBE', params, id: 1 })).toEqual({
      error: { code: 4, msg: 'Too many subscriptions' },
      id: 1,
    });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).toMatchObject({
      result: ['btcusdt@kline_1m'],
    });
    expect(await client.ask({ method: 'SUBSCRIBE', params: params.slice(1), id: 3 })).toEqual({
      result: null,
      id: 3,
    });
  });
});
