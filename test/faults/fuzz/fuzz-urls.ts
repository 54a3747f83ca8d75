import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { startExchange } from '#local/exchange/start.ts';
import { buildMartQuery } from '#local/page/mart-query.ts';
import { startPage } from '#local/page/server.ts';
import { startHttpServer } from '#test/http-server.ts';
import { mutate } from './mutate.ts';
import { ODD_TEXTS } from './odd-values.ts';
import { randomFrom } from './random.ts';
import type { Random } from './random.ts';

const PAGE_PATHS = [
  '/api/query?name=candles&symbol=BTCUSDT&range=2h',
  '/api/query?name=latency&symbol=BTCUSDT&range=2h',
  '/api/query_range?name=freshness&symbol=BTCUSDT&range=2h',
  '/api/query_range?name=latency-all&range=7h',
  '/api/warehouse?name=history&symbol=BTCUSDT&interval=1h',
  '/api/warehouse?name=overview',
  '/api/state',
  '/api/dbt',
  '/healthz',
  '/',
] as const;
const EXCHANGE_PATHS = [
  '/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=0&limit=5',
  '/api/v3/exchangeInfo?symbol=BTCUSDT',
  '/api/v3/ticker/24hr?symbols=["BTCUSDT"]',
  '/control/ledger?symbol=BTCUSDT&from=0&to=1',
  '/control/faults/1',
  '/control/clock',
  '/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2025-03-01.zip',
] as const;

/** A file that must never be answered, however it is asked for. */
const FOREIGN = /root:x:0:0|"devDependencies"/;

/** What Prometheus may be asked: no text of the browser's but a symbol, in quotes. */
const KNOWN_PROMQL = /^[^"]*(?:"(?:[\p{L}\p{N}_.|-]{0,4000}|)"[^"]*)*$/u;

/** Both servers answer every broken request with a status of the client's fault or their own page, and go on. */
export async function fuzzUrls(rounds: number, seed: number) {
  const random = randomFrom(seed);
  await using prometheus = await startHttpServer((_, response) =>
    response.end('{"status":"success","data":{"resultType":"matrix","result":[]}}'),
  );
  await using page = await startPage({
    PORT: 0,
    PROMETHEUS_URL: prometheus.url,
    EXPORTER_URL: prometheus.url,
    ALERTMANAGER_URL: prometheus.url,
    STATE_FILE: '/nowhere/state.json',
    batch: undefined,
  });
  await using exchange = await startExchange({ symbols: 2 });
  const counts: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, url, paths] of [
      ['page', page.url, PAGE_PATHS],
      ['exchange', exchange.url, EXCHANGE_PATHS],
    ] as const) {
      const port = Number(new URL(url).port);
      // oxlint-disable-next-line no-await-in-loop -- one request after the other
      const answer = await rawRequest(port, brokenRequest(random, port, paths));
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'none';
      expect(
        ['none', '200', '400', '403', '404', '405', '414', '415', '418', '421', '429', '431'],
        answer,
      ).toContain(status);
      expect(answer).not.toMatch(FOREIGN);
      counts[`${name} ${status}`] = (counts[`${name} ${status}`] ?? 0) + 1;
    }
  }
  expect((await fetch(`${page.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${exchange.url}/control/clock`)).status).toBe(200);
  const asked = prometheus.requests.map((path) => new URL(path, 'http://p').searchParams.get('query') ?? '');
  expect(asked.length).toBeGreaterThan(rounds / 20);
  expect(asked.filter((promql) => !KNOWN_PROMQL.test(promql))).toEqual([]);
  return counts;
}

/** What the page asks the marts holds nothing of the browser's text: a symbol goes beside the statement. */
export async function fuzzMartParameters(rounds: number, seed: number) {
  const random = randomFrom(seed);
  const statements = new Set<string>();
  const counts = { asked: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const odd = (otherwise: string) => (random.once(3) ? random.pick(ODD_TEXTS) : otherwise);
    const parameters = new URLSearchParams({
      name: odd('history'),
      symbol: odd('BTCUSDT'),
      interval: odd('1h'),
    });
    if (random.once(10)) parameters.append(odd('other'), odd('x'));
    const query = buildMartQuery(parameters);
    if (query.kind === 'refused') {
      expect(query.reason.length).toBeLessThan(300);
      counts.refused += 1;
      continue;
    }
    counts.asked += 1;
    // oxlint-disable-next-line no-await-in-loop -- one query after the other
    await query.read(async (sql, binds) => {
      statements.add(sql);
      expect(binds).toEqual([parameters.get('symbol')]);
      return [];
    });
  }
  // One for the interval that is right, whatever the symbol was.
  expect(statements.size).toBe(1);
  return counts;
}

function brokenRequest(random: Random, port: number, paths: readonly [string, ...string[]]): Buffer {
  const path = random.pick(paths);
  const odd = random.pick(ODD_TEXTS);
  const target = random.once(2)
    ? mutate(random, [Buffer.from(path)])
        .toString('latin1')
        .replaceAll(/[\r\n ]/g, '')
    : path.replace(
        /BTCUSDT|2h|history|candles/,
        random.once(2) ? encodeURIComponent(odd.toWellFormed()) : odd,
      );
  const method = random.once(8)
    ? random.pick(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'GET\u0000'])
    : 'GET';
  const host = random.once(8)
    ? random.pick(['attacker.example', '', '[::1]', '127.0.0.1.nip.io'])
    : `127.0.0.1:${port}`;
  const head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
  const body = random.once(8)
    ? mutate(random, [Buffer.from('{"symbol":"BTCUSDT","status":"BREAK"}')])
    : Buffer.alloc(0);
  const type = body.length > 0 ? `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` : '';
  return Buffer.concat([Buffer.from(`${head}${type}\r\n`, 'latin1'), body]);
}

/** Bytes as they are, which fetch would put right; what came back until the server ended, or did not for half a second. */
async function rawRequest(port: number, request: Buffer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
  // Not ended: the server would take that for a client that has gone, and not answer what takes it a moment.
  socket.write(request);
  await Promise.race([once(socket, 'close').catch(() => undefined), sleep(500, undefined, { ref: false })]);
  socket.destroy();
  return Buffer.concat(chunks).toString('latin1');
}
