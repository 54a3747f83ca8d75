import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startBoundaryExchange } from '#bench/boundary/exchange.ts';
import { firstSeen } from '#bench/boundary/first-seen.ts';
import { closeOf, createMarket, lowestClose, openMsOf } from '#bench/boundary/market.ts';
import { percentile } from '#bench/boundary/measure.ts';
import { toInstant } from '#domain/instant.ts';
import { readStreamFrame } from '#domain/kline-event.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { startHttpServer } from '#test/http-server.ts';

const market = createMarket(3);

test('a minute ends for all symbols at once, when the exchange is told, with prices that no other minute has', async () => {
  const [port = 0] = await freePorts(1);
  await using exchange = await startBoundaryExchange(market, port);
  const streams = market.symbols.map((symbol) => `${symbol.toLowerCase()}@kline_1m`);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/stream?streams=${streams.join('/')}`);
  const frames: Buffer[] = [];
  const all = Promise.withResolvers<void>();
  // the bytes of a frame, as the client is set by default
  socket.on('message', (bytes: Buffer) => {
    if (frames.push(bytes) === 2 * market.symbols.length) all.resolve();
  });
  await once(socket, 'open');
  expect(exchange.allSubscribed()).toBe(true);
  exchange.closeMinute();
  const lastWrittenMs = exchange.closeMinute();
  await all.promise;
  expect(Math.abs(Date.now() - lastWrittenMs)).toBeLessThan(10_000);
  const candles = frames.map((bytes) => readStreamFrame(bytes, Date.now()));
  expect(candles).toMatchObject(
    [0, 1].flatMap((minute) =>
      market.symbols.map((symbol, index) => ({
        kind: 'closed',
        candle: {
          symbol,
          openTime: toInstant(openMsOf(market, minute)),
          close: `${closeOf(index, minute)}.00000000`,
        },
      })),
    ),
  );
});

test('a symbol is seen by the first answer that has it, and the question is asked until all are', async () => {
  await using prometheus = await startPrometheusWith(({ length }) =>
    market.symbols.slice(0, length).map((symbol, index) => [symbol, closeOf(index, 2)]),
  );
  const seen = await ask(prometheus.url);
  expect([...seen.keys()]).toEqual(market.symbols);
  const [first = 0, second = 0, third = 0] = seen.values();
  expect(second - first).toBeGreaterThan(10);
  expect(third - second).toBeGreaterThan(10);
  expect(prometheus.requests).toHaveLength(market.symbols.length);
  const { searchParams } = new URL(prometheus.requests[0] ?? '', prometheus.url);
  expect(Object.fromEntries(searchParams)).toEqual({ query: `price >= ${lowestClose(2)}`, time: '61.999' });
});

test('a price of another minute or symbol ends the run, and so does one that never comes', async () => {
  await using wrong = await startPrometheusWith(() => [[market.symbols[0] ?? '', closeOf(1, 2)]]);
  await expect(ask(wrong.url)).rejects.toThrow(`expected ${closeOf(0, 2)} of ${market.symbols[0]}`);
  await using empty = await startPrometheusWith(() => []);
  await expect(ask(empty.url, 1)).rejects.toThrow('expected 3 symbols after 1 ms, got 0');
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect([50, 99, 100].map((percent) => percentile(values, percent))).toEqual([100, 198, 200]);
  expect(() => percentile([], 50)).toThrow('expected values');
});

async function ask(prometheusUrl: string, timeoutMs = 10_000) {
  return firstSeen(market, { prometheusUrl, metric: 'price', minute: 2, atSeconds: 61.999, timeoutMs });
}

/** Answers each query with samples, which may hang on the requests until now. */
async function startPrometheusWith(
  samples: (requests: readonly unknown[]) => readonly (readonly [symbol: string, price: number])[],
) {
  const asked: unknown[] = [];
  return startHttpServer((request, response) => {
    asked.push(request.url);
    const result = samples(asked).map(([symbol, price]) => ({
      metric: { symbol },
      value: [61.999, String(price)],
    }));
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
}
