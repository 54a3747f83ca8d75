import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { compareDecimals } from '#domain/decimal.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import { freePortRange } from '#test/local/free-ports.ts';
import { openBrowser } from '#test/local/page/open-browser.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { expectLoopbackOnly, expectNoForeigners, expectNoSecrets } from './expect-closed.ts';
import { expectEverything } from './expect-everything.ts';
import { exchangeNow, readCandles, readMetric, startPipeline } from './pipeline.ts';
import type { Pipeline } from './pipeline.ts';

// The replay catches up with now after 55 min / (speed - 1), here 114 s: the browser has to see candles move before.
const SPEED = 30;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'DRV0001USDT', 'DRV0002USDT', 'DRV0004USDT'];

vi.setConfig({ testTimeout: 200_000 });
const ROOT = join(import.meta.dirname, '../..');
const stack = new AsyncDisposableStack();
let pipeline: Pipeline;
let folder = '';
let exchange = '';
let prometheus = '';

beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
  const portBase = await freePortRange(12);
  pipeline = stack.use(
    await startPipeline(portBase, folder, [
      '--no-batch',
      '--speed',
      String(SPEED),
      '--symbols',
      SYMBOLS.join(','),
    ]),
  );
  exchange = pipeline.url(1);
  prometheus = pipeline.url(4);
  await vi.waitFor(() => expect(pipeline.state().ready, pipeline.said()).toBe(true), {
    timeout: 110_000,
    interval: 250,
  });
}, 120_000);

afterAll(async () => {
  await stack.disposeAsync();
}, 60_000);

const status = (...args: readonly string[]) =>
  execFileSync('npm', ['run', '--silent', 'status', '--', '--data', folder, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });

async function metricsOf(part: string): Promise<string> {
  return (await fetch(`${pipeline.state().parts[part]?.url}/metrics`)).text();
}

/** The last minute that has closed for good a few seconds ago. */
async function lastClosed(): Promise<number> {
  return Math.floor((await exchangeNow(exchange)) / MINUTE_MS) * MINUTE_MS - 2 * MINUTE_MS;
}

test('says which source it reads, and shows every part running', () => {
  expect(pipeline.said()).toMatch(/source: replay of recorded candles/);
  const { source, parts } = pipeline.state();
  expect(source).toBe('replay');
  expect(
    Object.entries(parts)
      .map(([name, { state }]) => `${name} ${state}`)
      .toSorted(),
  ).toEqual([
    'alertmanager running',
    'consumer running',
    'exchange running',
    'exporter running',
    'kafka running',
    'page running',
    'prometheus running',
  ]);
});

/** A line but for its numbers: ports, process ids, lag, folders. */
const shape = (line: string) =>
  line
    .replaceAll(/\d+/g, 'N')
    .replaceAll(/\s+/g, ' ')
    .replace(/ (N s|N records|-) ?$/, ' LAG')
    .replace(/\(logs in .*?,/, '(logs in …,');

test('prints what the README shows, but for numbers', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, block = ''] = /^```\n(source: [^`]*)```$/m.exec(readme) ?? [];
  // From the table on: which part comes up last, and so has no line of its own before, is chance.
  const shown = block.slice(block.indexOf('part ')).trim().split('\n').map(shape);
  expect(shown.length).toBe(9);
  const printed = new Set(pipeline.said().split('\n').map(shape));
  expect(shown.filter((line) => !printed.has(line))).toEqual([]);
});

test('npm run status shows the same to people and to programs', () => {
  expect(status()).toMatch(/replay since .*, ready/);
  expect(JSON.parse(status('--json'))).toMatchObject({ ready: true, parts: { kafka: { state: 'running' } } });
});

test('every candle that the exchange closed is in Kafka and in Prometheus, with its values', async () => {
  await delay((8 * MINUTE_MS) / SPEED);
  expect(await expectEverything(pipeline, await lastClosed())).toBeGreaterThan(SYMBOLS.length * 5);
});

test('the candles of recorded symbols equal the recording as decimals', async () => {
  const candles = await readCandles(pipeline.brokers, CANDLE_TOPIC);
  let compared = 0;
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
    const file = join(import.meta.dirname, `../../local/exchange/recording/${symbol}_1m.csv.gz`);
    const rows = gunzipSync(readFileSync(file))
      .toString()
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const startMinute = Date.parse(rows[0]?.[0] ?? '') / MINUTE_MS;
    for (const [candle] of candles.values()) {
      if (candle?.symbol !== symbol) continue;
      const minute = Date.parse(candle.openTime) / MINUTE_MS;
      const [
        ,
        open = '',
        high = '',
        low = '',
        close = '',
        base = '',
        ,
        quote = '',
        trades,
        takerBase = '',
        takerQuote = '',
      ] = rows[(minute - startMinute) % rows.length] ?? [];
      const pairs = [
        [candle.open, open],
        [candle.high, high],
        [candle.low, low],
        [candle.close, close],
        [candle.baseVolume, base],
        [candle.quoteVolume, quote],
        [candle.takerBuyBaseVolume, takerBase],
        [candle.takerBuyQuoteVolume, takerQuote],
      ] as const;
      expect(pairs.filter(([got, recorded]) => compareDecimals(got, recorded) !== 0)).toEqual([]);
      expect(candle.trades).toBe(Number(trades));
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(20);
});

test('A9 after kill -9 of the exporter nothing is missing: the cursor is Kafka', async () => {
  const before = pipeline.state().parts['exporter']?.pid ?? 0;
  expect(before).toBeGreaterThan(0);
  process.kill(before, 'SIGKILL');
  await vi.waitFor(() => expect(pipeline.state().parts['exporter']).not.toMatchObject({ pid: before }), {
    timeout: 20_000,
  });
  await vi.waitFor(() => expect(pipeline.state().ready).toBe(true), { timeout: 60_000, interval: 250 });
  expect(pipeline.said()).toMatch(/exporter: .*SIGKILL/);
  // It was away for minutes of the replay, and looked for these only: not for the whole lookback.
  const { found } =
    /missing_minutes_found_total (?<found>\d+)/.exec(await metricsOf('exporter'))?.groups ?? {};
  expect(Number(found)).toBeGreaterThanOrEqual(SYMBOLS.length);
  expect(Number(found)).toBeLessThan(SYMBOLS.length * 30);
  await delay((4 * MINUTE_MS) / SPEED);
  const count = await expectEverything(pipeline, await lastClosed());
  expect(count).toBeGreaterThan(SYMBOLS.length * 15);
});

test('a browser shows candles that move, and the last price', async () => {
  await using browser = await openBrowser();
  const { page, errors } = await browser.open(`${pipeline.url(0)}/#symbol=BTCUSDT`);
  const price = async () => (await page.textContent('#price')) ?? '';
  await vi.waitFor(async () => expect(await price()).toMatch(/\d/), { timeout: 20_000 });
  const first = await price();
  await vi.waitFor(async () => expect(await price()).not.toBe(first), { timeout: 130_000 });

  // The price shown is the close of one of the newest candles, to the digit.
  await vi.waitFor(
    async () => {
      const closes = await readMetric(prometheus, CANDLE_METRICS.close);
      const newest = [...(closes.get('BTCUSDT') ?? [])]
        .toSorted(([a], [b]) => a - b)
        .slice(-3)
        .map(([, value]) => value);
      expect(newest).toContain(Number((await price()).replaceAll(/[^\d.]/g, '')));
    },
    { timeout: 20_000, interval: 500 },
  );
  expect(errors).toEqual([]);
});

test('nobody but this machine reaches a part, and no web page gets in by another name', async () => {
  expect(expectLoopbackOnly(pipeline)).toBeGreaterThanOrEqual(Object.keys(pipeline.state().parts).length);
  expect(await expectNoForeigners(pipeline)).toBe(3);
});

test('no log, state or data of the run shows a secret', () => {
  expect(expectNoSecrets(pipeline, folder)).toBeGreaterThan(50);
});

test('stops whole with exit code 0, and leaves no process behind', async () => {
  const pids = Object.values(pipeline.state().parts).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  expect(pids.length).toBe(7);
  expect(await pipeline.stop()).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
}, 60_000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
