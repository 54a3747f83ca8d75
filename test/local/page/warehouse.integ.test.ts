import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseEnv } from '#local/page/env.ts';
import { startPage } from '#local/page/server.ts';
import type { OverviewAnswer } from '#local/page/warehouse-answers.ts';
import { CACHE_MS, openWarehouse } from '#local/page/warehouse.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { createMarts, insertInto, startWarehouse } from '#test/marts.ts';
import { openBrowser } from './open-browser.ts';

const WAIT = { timeout: 30_000, interval: 200 };
const HOUR_MS = 3_600_000;
const DAY = '2026-01-02';

const resources = new AsyncDisposableStack();
let warehouse: Awaited<ReturnType<typeof startWarehouse>>;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let artifacts = '';

beforeAll(async () => {
  artifacts = resources.use(await temporaryFolder()).path;
  [warehouse, browser] = await Promise.all([startWarehouse(), openBrowser()]);
  resources.use(warehouse);
  resources.use(browser);
}, 90_000);
afterAll(() => resources.disposeAsync());

/** Without Prometheus and exporter: this half says what it knows without them. */
function environment(change: Readonly<Record<string, string>> = {}) {
  return parseEnv({
    PORT: '0',
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    EXPORTER_URL: 'http://127.0.0.1:1',
    ALERTMANAGER_URL: 'http://127.0.0.1:1',
    STATE_FILE: join(artifacts, 'state.json'),
    WAREHOUSE: 'on',
    DBT_ARTIFACTS: artifacts,
    ...warehouse.reader,
    ...change,
  });
}

/** Of the page's element, as a person reads it. */
async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).innerText()).replaceAll(/\s+/g, ' ');
}

/** From the first hour of a day on, one of them left out, the last one not whole. */
function hours(symbol: string, count: number) {
  return Array.from({ length: count }, (_, hour) => {
    const price = 2_500 + hour;
    return {
      exchange: 'binance',
      symbol,
      open_time: sqlTime(Date.parse(`${DAY}T00:00:00Z`) + hour * HOUR_MS),
      open_price: `${price}.100000000000000000`,
      high_price: `${price}.9`,
      low_price: `${price}.01`,
      close_price: `${price}.25`,
      base_volume: '12.345',
      quote_volume: '30862.5',
      candles_present: hour === count - 1 ? 41 : 60,
      candles_expected: 60,
    };
  }).filter((_, hour) => hour !== 2);
}

function sqlTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

async function fillMarts(): Promise<void> {
  const gap = { exchange: 'binance', symbol: 'ETHUSDT', last_open_time: `${DAY} 12:00:00` };
  const quality = {
    exchange: 'binance',
    date_day: DAY,
    expected_minutes: 720,
    present_minutes: 700,
    late_minutes: 5,
    corrected_minutes: 3,
    healed_minutes: 2,
    missing_minutes: 20,
    missing_exchange_minutes: 0,
    missing_delisted_minutes: 0,
    missing_ours_minutes: 20,
    lag_p50_seconds: '1.0',
    lag_p95_seconds: '2.25',
    lag_p99_seconds: '9.5',
  };
  const audit = {
    topic: 'candles-1m',
    min_offset: 0,
    max_offset: 99,
    expected_offsets: 100,
    missing_offsets: 0,
  };
  const landed = { ...audit, distinct_offsets: 100, last_landed_at: `${DAY} 12:34:56.789` };
  const minute = { ...hours('ETHUSDT', 1)[0] };
  const {
    candles_present: _,
    candles_expected: __,
    ...candle
  } = { candles_present: 0, candles_expected: 0, ...minute };
  await warehouse.run(
    ...createMarts(),
    insertInto('fct_candles_1h', ...hours('BTCUSDT', 30), ...hours('ETHUSDT', 5)),
    insertInto('fct_candles_1d', ...hours('BTCUSDT', 1), ...hours('ETHUSDT', 1)),
    insertInto('fct_candles_1m', ...Array.from({ length: 7 }, () => ({ ...candle, source: 'archive' }))),
    insertInto('fct_candles_1m', { ...candle, source: 'websocket' }),
    insertInto('mart_pipeline_audit', { ...landed, kafka_partition: 0, duplicate_rows: 11 }),
    insertInto('mart_pipeline_audit', { ...landed, kafka_partition: 1, duplicate_rows: 0 }),
    insertInto('fct_candle_gaps', {
      ...gap,
      first_open_time: `${DAY} 11:56:00`,
      missing_minutes: 5,
      gap_class: 'ours',
    }),
    insertInto('fct_candle_gaps', {
      ...gap,
      first_open_time: `${DAY} 11:00:00`,
      missing_minutes: 61,
      gap_class: 'exchange',
    }),
    insertInto('mart_data_quality', { ...quality, symbol: 'BTCUSDT' }),
    insertInto('mart_data_quality', { ...quality, symbol: 'ETHUSDT', missing_minutes: 1 }),
    insertInto('mart_data_quality', {
      ...quality,
      symbol: 'OLDUSDT',
      date_day: '2026-01-01',
      missing_minutes: 999,
    }),
  );
}

async function keepRun(): Promise<void> {
  const results = [
    { unique_id: 'model.crypto_market.fct_candles_1h', status: 'success', message: 'SUCCESS 1' },
    { unique_id: 'test.crypto_market.vwap_in_range.0123456789', status: 'fail', message: 'Got 2 results' },
  ];
  const run = { metadata: { generated_at: `${DAY}T12:40:00Z` }, elapsed_time: 33.4, results };
  await mkdir(join(artifacts, 'latest', 'market_models'), { recursive: true });
  await writeFile(join(artifacts, 'latest', 'market_models', 'run_results.json'), JSON.stringify(run));
}

test('a run without the warehouse half says so, and shows none of it', async () => {
  await using served = await startPage(environment({ WAREHOUSE: 'off' }));
  const { page, errors } = await browser.open(served.url);
  await vi.waitFor(
    async () => expect(await text(page, '#warehouse-state')).toMatch(/^Off: .*--no-batch/),
    WAIT,
  );
  expect(await page.locator('[data-half="warehouse"]').count()).toBe(5);
  expect(await page.locator('[data-half="warehouse"]:visible').count()).toBe(0);
  expect(errors).toEqual([]);
}, 60_000);

test('before, with and without the models the page says how it is, and shows what the marts hold', async () => {
  // Ten times as fast, so that an answer is soon too old to be given again.
  const startMs = Date.now();
  await using served = await startPage(environment(), () => startMs + (Date.now() - startMs) * 10);
  const { page, errors, hosts } = await browser.open(`${served.url}/#symbol=BTCUSDT`);
  await vi.waitFor(
    async () =>
      expect(await text(page, '#warehouse-state')).toMatch(/^Not ready yet: the models are not built yet/),
    WAIT,
  );
  await vi.waitFor(async () => expect(await text(page, '#dbt-troubled')).toBe('No run has ended yet.'), WAIT);

  await fillMarts();
  await keepRun();
  // The page asks while the marts are filled, and may have seen a part of it first.
  await vi.waitFor(async () => {
    expect(await text(page, '#warehouse-state')).toMatch(/^As the models/);
    expect(await text(page, '#landed')).toContain('Stream 211 rows, last 2026-01-02 12:34');
    expect(await text(page, '#landed')).toContain('Candles in the marts 8 archive 7, websocket 1');
    expect(await text(page, '#gaps')).toMatch(
      /Ours to fill 5 minutes in 1 gap Not at the exchange 61 minutes in 1 gap Delisted 0/,
    );
    expect(await page.locator('#gap-rows tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^ETHUSDT\s+ours\s+2026-01-02 11:56\s+5$/),
      expect.stringMatching(/^ETHUSDT\s+exchange\s+2026-01-02 11:00\s+61$/),
    ]);
    expect(await text(page, '#quality-day')).toContain(DAY);
    expect(await text(page, '#quality')).toMatch(
      /Expected 1,440 minutes of 2 pairs Present 1,400 minutes Missing 21 /,
    );
    expect(await page.locator('#quality-rows tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^BTCUSDT\s+720\s+20\s+5\s+3\s+2\s+2.3 s$/),
      expect.stringMatching(/^ETHUSDT\s+720\s+1\s/),
    ]);
  }, WAIT);
  await vi.waitFor(
    async () => expect(await text(page, '#dbt-troubled')).toBe('fail vwap_in_range Got 2 results'),
    WAIT,
  );
  expect(await text(page, '#dbt')).toMatch(/Models 1 built Tests 0 passed, 1 failed Took 33 s/);
  expect(await text(page, '#problems')).toContain('The last model run (market_models) had failures');

  await vi.waitFor(
    async () =>
      expect(await text(page, '#history-legend')).toBe(
        '2026-01-03 05:00 O 2,529.10 H 2,529.90 L 2,529.01 C 2,529.25 Vol 12.35 41 of 60 minutes',
      ),
    WAIT,
  );
  expect(await text(page, '#history-span')).toBe('29 candles since 2026-01-02 00:00');
  await page.selectOption('#history-symbol', 'ETHUSDT');
  await vi.waitFor(
    async () => expect(await text(page, '#history-span')).toBe('4 candles since 2026-01-02 00:00'),
    WAIT,
  );
  expect(await page.getAttribute('#history-chart', 'aria-label')).toBe(
    'Candles of ETHUSDT from the marts, 1h each, last close 2,504.25',
  );
  await page.check('#history-intervals input[value="4h"]', { force: true });
  await vi.waitFor(
    async () => expect(await text(page, '#history-empty')).toBe('The marts have no 4h candle of ETHUSDT yet'),
    WAIT,
  );

  await warehouse.stop();
  await vi.waitFor(
    async () => expect(await text(page, '#warehouse-state')).toMatch(/^Can’t be read: /),
    WAIT,
  );
  expect(await text(page, '#landed')).toContain('Stream 211');
  await vi.waitFor(
    async () => expect(await text(page, '#problems')).toContain('The warehouse can’t be read'),
    WAIT,
  );
  await warehouse.startAgain();
  await vi.waitFor(async () => expect(await text(page, '#warehouse-state')).toMatch(/^As the models/), WAIT);
  expect([errors, [...hosts]]).toEqual([[], ['127.0.0.1']]);
}, 180_000);

test.each([
  [360, 'dark'],
  [900, 'light'],
] as const)(
  'at %i px in %s nothing of this half is wider than the window',
  async (width, colorScheme) => {
    await using served = await startPage(environment());
    const { page } = await browser.open(served.url, { width, colorScheme });
    await vi.waitFor(async () => expect(await text(page, '#history-legend')).toContain('C 2,529.25'), WAIT);
    const wider = await page.evaluate<string[]>(
      `[...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.table-frame'))
      .map((element) => element.tagName + '#' + element.id)`,
    );
    expect(wider).toEqual([]);
  },
  60_000,
);

test('the warehouse is asked once for many who ask at the same time, and again when the answer is old', async () => {
  let nowMs = 1_000;
  let reads = 0;
  await using reader = openWarehouse(environment().batch?.warehouse, () => nowMs);
  const ask = () =>
    reader.ask('rows', async (execute) => {
      reads += 1;
      return { rows: await execute('select count(*) as n from marts.fct_candles_1h', []) };
    });
  const first = await Promise.all([ask(), ask(), ask()]);
  expect(first[0]).toEqual({ kind: 'read', readMs: 1_000, rows: [{ N: 33 }] });
  nowMs += CACHE_MS - 1;
  expect([await ask(), reads]).toEqual([first[0], 1]);
  nowMs += 1;
  expect([await ask(), reads]).toEqual([{ ...first[0], readMs: nowMs }, 2]);
});

test('the server takes its own questions only, and says no secret in its answers', async () => {
  await using served = await startPage(environment());
  const get = async (path: string) => {
    const answer = await fetch(`${served.url}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
  expect(await get('/api/warehouse?name=drop')).toMatchObject({ status: 400 });
  expect(await get('/api/warehouse?name=history&symbol=BTCUSDT&interval=1y')).toMatchObject({ status: 400 });
  const { body } = await get('/api/warehouse?name=overview');
  expect((JSON.parse(body) as OverviewAnswer).kind).toBe('read'); // what warehouse-answers.ts promises
  expect(body).not.toContain(warehouse.reader['SNOWFLAKE_PRIVATE_KEY']);
});
