import { describe, expect, test } from 'vitest';
import type { KlineRow } from '#local/exchange/kline-row.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { toUnits } from '#local/exchange/units.ts';
import { MINUTE, START_MS, stillExchange } from './stream-client.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask(exchange: Exchange, path: string): Promise<Answer> {
  const response = await fetch(`${exchange.url}${path}`);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function klines(exchange: Exchange, query: string): Promise<readonly KlineRow[]> {
  const { status, body } = await ask(exchange, `/api/v3/klines?interval=1m&${query}`);
  expect(status).toBe(200);
  return body as readonly KlineRow[]; // the endpoint's own shape; its values are what the tests are about
}

describe('klines', () => {
  test('page through exactly what the ledger holds', async () => {
    const { exchange, clock } = await stillExchange({ symbols: 4 });
    await using _exchange = exchange;
    clock.advance(30 * 3_600_000);
    const ledger = [...exchange.ledger({ symbol: 'DRV0002USDT' })];
    expect(ledger).toHaveLength(30 * 60);
    const paged: KlineRow[] = [];
    for (let startTime = MINUTE * 60_000; ; startTime = (paged.at(-1)?.[0] ?? 0) + 60_000) {
      const page = await klines(exchange, `symbol=DRV0002USDT&startTime=${startTime}&limit=1000`);
      if (page.length === 0) break;
      paged.push(...page);
    }
    const current = paged.pop();
    expect(current?.[0]).toBe(Math.floor(clock.now() / 60_000) * 60_000);
    expect(paged).toEqual(ledger.map((entry) => entry.row));
    expect(ledger.every((entry) => entry.flags.length === 0)).toBe(true);
  });

  test('are the latest 500, ending with the forming one, when nothing else is said', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    const rows = await klines(exchange, 'symbol=BTCUSDT');
    expect(rows.map(([openTime]) => openTime)).toEqual(
      Array.from({ length: 500 }, (_, i) => (MINUTE - 499 + i) * 60_000),
    );
    const forming = rows.at(-1);
    clock.advance(31_000);
    const [closed] = await klines(exchange, `symbol=BTCUSDT&startTime=${MINUTE * 60_000}`);
    expect(forming?.[8]).toBeLessThan(closed?.[8] ?? 0);
    expect(closed).toEqual([...exchange.ledger({ symbol: 'BTCUSDT' })][0]?.row);
  });

  test('hold the range to its open times, at most 1000 rows, and begin with the listing', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const from = (MINUTE - 100) * 60_000;
    const times = async (query: string) =>
      (await klines(exchange, `symbol=BTCUSDT&${query}`)).map(([openTime]) => (openTime - from) / 60_000);
    expect(await times(`startTime=${from}&endTime=${from + 120_000}`)).toEqual([0, 1, 2]);
    expect(await times(`startTime=${from + 1}&endTime=${from + 119_999}`)).toEqual([1]);
    expect(await times(`startTime=${from}&limit=2`)).toEqual([0, 1]);
    expect(await times(`endTime=${from}&limit=2`)).toEqual([-1, 0]);
    expect(await times(`startTime=${START_MS + 120_000}`)).toEqual([]);
    expect(await times('limit=5000')).toHaveLength(1000);
    expect((await klines(exchange, 'symbol=BTCUSDT&startTime=0&limit=1'))[0]?.[0]).toBe(
      Date.parse('2024-06-01T00:00:00Z'),
    );
  });

  test.each([
    ['interval=1m', -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ['symbol=BTCUSDT', -1102, "Mandatory parameter 'interval' was not sent, was empty/null, or malformed."],
    ['symbol=NOPEUSDT&interval=1m', -1121, 'Invalid symbol.'],
    ['symbol=btcusdt&interval=1m', -1100, "Illegal characters found in parameter 'symbol'"],
    ['symbol=BTCUSDT&interval=7m', -1120, 'Invalid interval.'],
    ['symbol=BTCUSDT&interval=1m&startTime=-1', -1100, "Illegal characters found in parameter 'startTime'"],
    ['symbol=BTCUSDT&interval=1m&limit=0', -1130, 'limit'],
    [
      'symbol=BTCUSDT&interval=1m&color=red',
      -1104,
      "Not all sent parameters were read; read '2' parameter(s) but was sent '3'.",
    ],
  ])('answer %s with %d', async (query, code, msg) => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const { status, body } = await ask(exchange, `/api/v3/klines?${query}`);
    expect([status, body]).toEqual([400, { code, msg: expect.stringContaining(msg) }]);
  });

  test('are the same after a restart', async () => {
    const answers: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      const { exchange } = await stillExchange();
      await using _exchange = exchange;
      answers.push(await klines(exchange, 'symbol=DRV0004USDT&limit=300'));
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});

describe('request weight', () => {
  test('is counted per minute and told in the answer', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    const used = async (path: string) => (await ask(exchange, path)).headers.get('x-mbx-used-weight-1m');
    expect(await used('/api/v3/ping')).toBe('1');
    expect(await used('/api/v3/klines?symbol=BTCUSDT&interval=1m')).toBe('3');
    expect(await used('/api/v3/exchangeInfo')).toBe('23');
    expect(await used('/api/v3/ticker/24hr')).toBe('103');
    clock.advance(30_000);
    expect(await used('/api/v3/time')).toBe('1');
  });

  test('beyond the limit brings 429 until the minute ends, and 418 to those who go on', async () => {
    const limits = { weightPerMinute: 40, refusalsBeforeBan: 2, banMs: 120_000 };
    const { exchange, clock } = await stillExchange({ limits });
    await using _exchange = exchange;
    const statuses: [number, string | null][] = [];
    for (let i = 0; i < 6; i++) {
      const { status, headers } = await ask(exchange, '/api/v3/exchangeInfo');
      statuses.push([status, headers.get('retry-after')]);
    }
    expect(statuses).toEqual([
      [200, null],
      [200, null],
      [429, '30'],
      [429, '30'],
      [418, '120'],
      [418, '120'],
    ]);
    clock.advance(119_000);
    expect(await ask(exchange, '/api/v3/ping')).toMatchObject({ status: 418, body: { code: -1003 } });
    clock.advance(1000);
    expect(await ask(exchange, '/api/v3/ping')).toMatchObject({ status: 200, body: {} });
  });
});

describe('listings', () => {
  test('are told by exchangeInfo, with derived ones marked', async () => {
    const { exchange } = await stillExchange({ symbols: 3 });
    await using _exchange = exchange;
    const { body } = await ask(exchange, '/api/v3/exchangeInfo');
    expect(body).toMatchObject({
      serverTime: START_MS,
      symbols: [
        { symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' },
        { symbol: 'ETHUSDT', status: 'TRADING' },
        { symbol: 'DRV0001USDT', status: 'TRADING', baseAsset: 'DRV0001', quoteAsset: 'USDT', derived: true },
      ],
    });
    expect(JSON.stringify(body).match(/derived/g)).toHaveLength(1);
    const some = await ask(exchange, `/api/v3/exchangeInfo?symbols=${encodeURIComponent('["ETHUSDT"]')}`);
    expect(some.body).toMatchObject({ symbols: [{ symbol: 'ETHUSDT' }] });
    expect(await ask(exchange, '/api/v3/exchangeInfo?symbol=XUSDT')).toMatchObject({
      status: 400,
      body: { code: -1121 },
    });
  });

  test('end a symbol’s candles with the minute it is delisted in, and begin them anew', async () => {
    const { exchange, clock } = await stillExchange({ symbols: 3 });
    await using _exchange = exchange;
    expect(exchange.delist('ETHUSDT')).toBeUndefined();
    expect(exchange.list('DRV0500USDT')).toBeUndefined();
    expect(exchange.list('XRPUSDT')).toContain('got XRPUSDT');
    expect((await ask(exchange, '/api/v3/exchangeInfo?symbolStatus=BREAK')).body).toMatchObject({
      symbols: [{ symbol: 'ETHUSDT' }],
    });
    clock.advance(180_000);
    exchange.list('ETHUSDT');
    clock.advance(120_000);
    const minutes = async (symbol: string) =>
      (await klines(exchange, `symbol=${symbol}&startTime=${MINUTE * 60_000}`)).map(
        ([openTime]) => openTime / 60_000 - MINUTE,
      );
    expect(await minutes('ETHUSDT')).toEqual([0, 3, 4, 5]);
    expect(await minutes('DRV0500USDT')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await klines(exchange, 'symbol=DRV0500USDT&startTime=0&limit=1')).toHaveLength(1);
    expect(
      [...exchange.ledger({ symbol: 'ETHUSDT' })].map((entry) => entry.openTime / 60_000 - MINUTE),
    ).toEqual([0, 3, 4]);
  });
});

describe('tickers', () => {
  test('sum up the last 1440 closed minutes', async () => {
    const { exchange } = await stillExchange({ symbols: 6 });
    await using _exchange = exchange;
    const { body } = await ask(exchange, '/api/v3/ticker/24hr?symbol=ETHUSDT');
    const from = MINUTE - 1440;
    const day = [...exchange.ledger({ symbol: 'ETHUSDT', fromMs: from * 60_000 })].map((entry) => entry.row);
    expect(day).toHaveLength(1440);
    const quote = day.reduce((sum, row) => sum + toUnits(row[7]), 0n).toString();
    const highs = day.map((row) => Number(row[2]));
    expect(body).toMatchObject({
      symbol: 'ETHUSDT',
      quoteVolume: `${quote.slice(0, -8)}.${quote.slice(-8)}`,
      openPrice: day[0]?.[1],
      lastPrice: day.at(-1)?.[4],
      openTime: from * 60_000,
      closeTime: MINUTE * 60_000 - 1,
      count: day.reduce((sum, row) => sum + row[8], 0),
    });
    expect(Number((body as { highPrice: string }).highPrice)).toBe(Math.max(...highs)); // matched above as a ticker
  });

  test('come for all symbols, the busiest being the recorded ones', async () => {
    const { exchange } = await stillExchange({ symbols: 20 });
    await using _exchange = exchange;
    const { body } = await ask(exchange, '/api/v3/ticker/24hr?type=MINI');
    const all = body as readonly { symbol: string; quoteVolume: string }[]; // the endpoint's own shape
    expect(all).toHaveLength(20);
    const ranked = all.toSorted((a, b) => Number(b.quoteVolume) - Number(a.quoteVolume));
    expect(ranked.slice(0, 2).map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
  });
});
