import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import type { Rejected } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { createExchangeRest } from '#fargate/archive-loader/exchange-rest.ts';
import { createRestGet } from '#fargate/archive-loader/rest-get.ts';
import { createExchangeApi } from '#fargate/ohlc-exporter/exchange-api.ts';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { RequestWeight } from '#fargate/ohlc-exporter/request-weight.ts';
import { createRestClient } from '#fargate/ohlc-exporter/rest-client.ts';
import { startExchange } from '#local/exchange/start.ts';
import { startHttpServer } from '#test/http-server.ts';
import { recordingLog } from '#test/recording-log.ts';
import { mutate } from './mutate.ts';
import { randomFrom } from './random.ts';
import type { Random } from './random.ts';

const never = new AbortController().signal;
const MINUTES = 6;
const LONGEST_PAUSE_MS = 3 * 24 * 3_600_000;

/**
 * Asks for what both programs ask the exchange for, answered with broken bodies, headers and statuses, and expects of each
 * answer one of the known outcomes, with a pause that a timer can hold; and of a page of rows of which some are broken,
 * every whole one with its values and every broken one as a candle or a rejection.
 */
export async function fuzzRest(rounds: number, seed: number) {
  const random = randomFrom(seed);
  const real = await realBodies();
  let answer: (response: ServerResponse) => void = endAtOnce;
  await using server = await startHttpServer((_, response) => answer(response));
  const rejected: Rejected[] = [];
  const { api, loader, waits } = clientsOf(server.url, rejected);
  const outcomes: Record<string, number> = {};
  const note = (kind: string) => (outcomes[kind] = (outcomes[kind] ?? 0) + 1);
  const rows = { sent: 0, whole: 0, candles: 0, rejected: 0 };

  for (let round = 0; round < rounds; round++) {
    for (const [path, body] of real) {
      const [ask, askLoader] = callsOf(path, api, loader);
      answer = (response) => sendBroken(response, random, body);
      // oxlint-disable-next-line no-await-in-loop -- one answer for one request
      const result = await ask();
      note(`${path} ${result.kind}`);
      if (result.kind === 'unavailable') expect(result.retryAfterMs).toBeLessThan(LONGEST_PAUSE_MS + 1);
      // oxlint-disable-next-line no-await-in-loop -- as above
      note(`loader ${path} ${(await askLoader()).kind}`);
    }
    const page = brokenPage(random, real.get('klines') ?? Buffer.from('[]'));
    answer = (response) => response.end(page.body);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const result = await api.klines('BTCUSDT', 0, 0, never);
    if (result.kind !== 'ok') throw new Error(`expected a page of rows, got ${result.kind}`);
    expect(result.value.length).toBe(page.sent);
    const closes = result.value.flatMap((one) => (one.kind === 'candle' ? [one.candle.close] : []));
    expect(page.closes.filter((close) => !closes.includes(close))).toEqual([]);
    rows.sent += page.sent;
    rows.whole += page.closes.length;
    rows.candles += closes.length;
    rows.rejected += page.sent - closes.length;
  }
  expect(rows.candles + rows.rejected).toBe(rows.sent);
  expect(Math.max(...waits)).toBeLessThan(LONGEST_PAUSE_MS + 1);
  expect(rejected.every(({ reason }) => reason === 'not-a-symbol')).toBe(true);
  return { rows, outcomes, requests: server.requests.length, symbolsRejected: rejected.length };
}

function endAtOnce(response: ServerResponse): void {
  response.end();
}

/** What the replay exchange answers, in Binance's own shapes. */
async function realBodies(): Promise<ReadonlyMap<string, Buffer>> {
  await using exchange = await startExchange({ symbols: 3 });
  const last = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const paths = {
    time: 'time',
    klines: `klines?symbol=BTCUSDT&interval=1m&startTime=${last - 60 * MINUTE_MS}&limit=${MINUTES}`,
    listings: 'exchangeInfo',
    volumes: 'ticker/24hr?type=MINI',
  };
  const bodies = Object.entries(paths).map(async ([name, path]) => {
    const body = Buffer.from(await (await fetch(`${exchange.url}/api/v3/${path}`)).arrayBuffer());
    expect(body.length).toBeGreaterThan(10);
    return [name, body] as const;
  });
  return new Map(await Promise.all(bodies));
}

/** Both clients, on a clock that only their own waiting moves. */
function clientsOf(url: string, rejected: Rejected[]) {
  let now = 0;
  const waits: number[] = [0];
  const sleep = async (ms: number) => {
    waits.push(ms);
    now += ms;
  };
  const { log } = recordingLog();
  const get = createRestClient({
    hosts: new Hosts([url], () => now),
    weight: new RequestWeight(6000, () => now, sleep),
    log,
    count: () => {},
  });
  const api = createExchangeApi(get, (item) => rejected.push(item));
  return { api, loader: createExchangeRest(createRestGet([url], sleep)), waits };
}

function callsOf(
  path: string,
  api: ReturnType<typeof createExchangeApi>,
  loader: ReturnType<typeof createExchangeRest>,
) {
  switch (path) {
    case 'time':
      return [() => api.time(never), () => loader.now(never)] as const;
    case 'klines':
      return [
        () => api.klines('BTCUSDT', 0, 0, never),
        () => loader.candles('BTCUSDT', { firstMs: 0, lastMs: 0 }, never),
      ] as const;
    case 'listings':
      return [() => api.listings(never), () => loader.symbols(never)] as const;
    default:
      return [() => api.quoteVolumes(never), () => loader.firstMinute('BTCUSDT', never)] as const;
  }
}

const STATUSES = [200, 200, 200, 200, 200, 200, 400, 404, 418, 429, 451, 403, 500, 503] as const;
const ODD_HEADERS: readonly [Record<string, string>, ...Record<string, string>[]] = [
  {},
  {},
  {},
  { 'x-mbx-used-weight-1m': '-1000000' },
  { 'x-mbx-used-weight-1m': '1e308' },
  { 'x-mbx-used-weight-1m': 'many' },
  { 'retry-after': '99999999999999' },
  { 'retry-after': '-7' },
  { 'retry-after': 'NaN' },
  { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' },
  { 'retry-after': 'soon' },
  { 'content-type': 'text/html; charset=utf-16' },
  { 'content-encoding': 'gzip' },
];

function sendBroken(response: ServerResponse, random: Random, body: Buffer): void {
  if (random.once(30)) {
    response.destroy();
    return;
  }
  const status = random.pick(STATUSES);
  const broken = random.once(10) ? Buffer.from('[]') : mutate(random, [body]);
  response.writeHead(status, random.pick(ODD_HEADERS)).end(broken);
}

/** Rows as JSON, some broken but still JSON, and the closes of those that are whole. */
function brokenPage(random: Random, body: Buffer) {
  const real = JSON.parse(body.toString()) as unknown[][]; // the exchange's own shape
  const closes: string[] = [];
  const texts = real.map((row, index) => {
    if (random.once(2)) {
      const close = `${String(row[4])}${index}`;
      closes.push(close);
      const [t, , , , , ...rest] = row;
      return JSON.stringify([t, close, close, close, close, ...rest]);
    }
    const broken = mutate(random, [Buffer.from(JSON.stringify(row))]).toString();
    return isOneValue(broken) ? broken : 'null';
  });
  return { body: `[${texts.join(',')}]`, sent: texts.length, closes };
}

function isOneValue(text: string): boolean {
  try {
    return (JSON.parse(`[${text}]`) as unknown[]).length === 1;
  } catch {
    return false;
  }
}
