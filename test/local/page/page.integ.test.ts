import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Series, SeriesAnswer } from '#local/page/answers.ts';
import { candleAt } from '#test/candles.ts';
import { openBrowser } from './open-browser.ts';
import type { Opened } from './open-browser.ts';
import { runningState, setUsualMetrics, startStand } from './stand.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'DRV0001USDT'];
const HISTORY_MINUTES = 40;
/** Counted from the first minute of the history. */
const MISSING = [10, 37];
const WAIT = { timeout: 18_000, interval: 200 };

const resources = new AsyncDisposableStack();
let stand: Awaited<ReturnType<typeof startStand>>;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let startMs = 0;
/** Minutes of the history that have been written or left out. */
let written = 0;

beforeAll(async () => {
  stand = resources.use(await startStand());
  browser = resources.use(await openBrowser());
  startMs = Math.floor(Date.now() / MINUTE_MS - HISTORY_MINUTES) * MINUTE_MS;
  setUsualMetrics(stand.metrics, SYMBOLS);
});
beforeEach(async () => {
  Object.assign(stand.readiness, { ready: true, reasons: [] });
  stand.setState(runningState('replay'));
  await writeClosed();
});
afterAll(() => resources.disposeAsync());

/** Every minute that has closed by now, as a pipeline would have, so that the data is never stale. */
async function writeClosed(): Promise<void> {
  const closed = Math.floor((Date.now() - startMs) / MINUTE_MS);
  for (; written < closed; written++) if (!MISSING.includes(written)) await write(written);
}

function priceOf(minute: number): number {
  return 112_700 + minute + 0.5;
}

/** As the page shows it. */
function lastPrice(): string {
  return `112,${String(priceOf(written - 1)).slice(3)}0`;
}

function write(minute: number): Promise<void> {
  const openMs = startMs + minute * MINUTE_MS;
  const close = `${priceOf(minute)}0000000`;
  const publishedTime = new Date(openMs + MINUTE_MS + 50).toISOString();
  const change = { open: close, close, high: `1${close}`, low: '1.25000000', publishedTime };
  return stand.write(
    SYMBOLS.map((symbol) => candleAt(openMs, symbol, change)),
    openMs + MINUTE_MS + 300,
  );
}

async function openPair(
  symbol = 'BTCUSDT',
  options: Parameters<typeof browser.open>[1] = {},
): Promise<Opened> {
  const opened = await browser.open(`${stand.page.url}/#symbol=${symbol}`, options);
  await vi.waitFor(async () => expect(await text(opened.page, '#price')).toMatch(/\d/), WAIT);
  return opened;
}

async function text(page: Page, selector: string): Promise<string> {
  return (await page.textContent(selector)) ?? '';
}

test('a missing minute is in no answer, by raw samples or by steps', async () => {
  const missing = MISSING.map((minute) => startMs + (minute + 1) * MINUTE_MS - 1);
  for (const path of [
    '/api/query?name=candles&symbol=BTCUSDT&range=2h',
    '/api/query?name=latency&symbol=BTCUSDT&range=2h',
    '/api/query_range?name=latency-all&range=2h',
  ]) {
    const times = (await askSeries(path)).flatMap(({ samples }) => samples.map(([timeMs]) => timeMs));
    expect([path, new Set(times).size]).toEqual([path, written - MISSING.length]);
    expect(times.filter((timeMs) => missing.includes(timeMs))).toEqual([]);
  }
});

async function askSeries(path: string): Promise<readonly Series[]> {
  const answer = (await (await fetch(`${stand.page.url}${path}`)).json()) as SeriesAnswer; // what answers.ts promises
  return answer.kind === 'series' ? answer.series : [];
}

test('the page shows the pair, its last price to the digit, the source and every part', async () => {
  const { page, errors, hosts } = await openPair();
  await vi.waitFor(async () => expect(await text(page, '#price')).toBe(lastPrice()), WAIT);
  expect(await page.getAttribute('#price', 'value')).toBe(String(priceOf(written - 1)));
  expect(await text(page, '#change-span')).toBe(`in ${written} min`);
  expect(await text(page, '#high')).toBe(`1,${lastPrice()}`);
  await vi.waitFor(async () => expect(await text(page, '#parts')).toContain('Metrics consumer'), WAIT);
  expect(await text(page, '#source')).toBe('replay (recorded candles, shifted to now)');
  await vi.waitFor(
    async () => expect(await text(page, '#numbers')).toMatch(/Missing found, filled120, 119/),
    WAIT,
  );
  await vi.waitFor(async () => expect(await text(page, '#latency-legend')).toMatch(/total301 ms/), WAIT);
  expect(await text(page, '#rows tr:first-child')).toContain(lastPrice());
  await vi.waitFor(async () => expect(await text(page, '#headline')).toBe('All parts are working'), WAIT);
  expect([errors, [...hosts]]).toEqual([[], ['127.0.0.1']]);
});

test('a new sample moves the chart and the price without a reload, and leaves a view that was moved', async () => {
  const { page, errors } = await openPair('ETHUSDT');
  const following = await pictureOfChart(page);
  // Two refreshes later it is the same picture: what changes it below is the new candle.
  await page.waitForTimeout(4_500);
  expect((await pictureOfChart(page)).equals(following)).toBe(true);
  await page.focus('#chart');
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
  await vi.waitFor(async () => expect(await page.isVisible('#latest')).toBe(true), WAIT);

  const before = written;
  await vi.waitFor(
    async () => {
      await writeClosed();
      expect(written).toBeGreaterThan(before);
    },
    { timeout: 65_000, interval: 500 },
  );
  await vi.waitFor(async () => expect(await text(page, '#price')).toBe(lastPrice()), WAIT);
  expect(await page.isVisible('#latest')).toBe(true);
  expect(await page.title()).toBe(`${lastPrice()} ETHUSDT`);
  expect(await page.getAttribute('#chart', 'aria-label')).toContain(`last close ${lastPrice()}`);

  await page.click('#latest');
  await vi.waitFor(async () => expect(await page.isVisible('#latest')).toBe(false), WAIT);
  expect((await pictureOfChart(page)).equals(following)).toBe(false);
  expect(await text(page, '#legend')).toContain(`C ${lastPrice()}`);
  expect(errors).toEqual([]);
}, 120_000);

async function pictureOfChart(page: Page): Promise<Buffer> {
  await page.mouse.move(1, 1);
  await page.evaluate('document.activeElement.blur()');
  return page.locator('#chart').screenshot();
}

test('the pair is chosen by keyboard alone, and derived pairs say what they are', async () => {
  const { page } = await openPair();
  await page.focus('#pair');
  await page.keyboard.press('Enter');
  await vi.waitFor(async () => expect(await page.locator('#pairs li').count()).toBe(SYMBOLS.length), WAIT);
  await page.keyboard.type('drv');
  expect(await page.locator('#pairs li').allTextContents()).toEqual(['DRV0001USDTderived']);
  expect(await page.getAttribute('#search', 'aria-activedescendant')).toBe('pair-0');
  await page.keyboard.press('Enter');
  expect(await text(page, '#pair-name')).toBe('DRV0001USDT');
  expect(await page.isVisible('#derived')).toBe(true);
  expect(await page.evaluate('document.activeElement.id')).toBe('pair');
  expect(page.url()).toContain('symbol=DRV0001USDT');

  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  expect(await page.isVisible('#chooser')).toBe(false);
  expect(await text(page, '#pair-name')).toBe('DRV0001USDT');
});

test('an exporter that is not ready and a part that failed are told, and are forgotten when they are well', async () => {
  const { page, errors } = await openPair();
  Object.assign(stand.readiness, { ready: false, reasons: ['Kafka does not answer'] });
  const kafka = { url: '127.0.0.1:1', state: 'failed', detail: 'it ended 5 times' };
  stand.setState(runningState('replay', { kafka }));
  await vi.waitFor(async () => expect(await text(page, '#headline')).toBe('2 things need attention'), WAIT);
  const problems = await text(page, '#problems');
  expect(problems).toContain('Kafka has failed. it ended 5 times.');
  expect(problems).toContain('The exporter is not ready. Kafka does not answer.');

  Object.assign(stand.readiness, { ready: true, reasons: [] });
  stand.setState(runningState('replay'));
  await vi.waitFor(async () => expect(await text(page, '#headline')).toBe('All parts are working'), WAIT);
  expect(errors).toEqual([]);
});

const alert = (fingerprint: string, alertname: string, severity: string, inhibitedBy: readonly string[]) => ({
  fingerprint,
  labels: { alertname, severity },
  annotations: {
    summary: `summary of ${alertname}`,
    description: 'what it means',
    dashboard: '/d/crypto-market-live?var-symbol=BTCUSDT',
    runbook: 'docs/runbooks/data.md#symbolstale',
  },
  startsAt: '2026-11-22T12:00:00.000Z',
  status: { inhibitedBy, silencedBy: [] },
});

test('an alert is shown with since when, its dashboard and its runbook, and goes when it is over', async () => {
  const { page } = await openPair();
  expect(await text(page, '#alerts-state')).toBe('None fires');
  stand.alerts.push(
    alert('a', 'SymbolStale', 'warning', ['b']),
    alert('b', 'CandlesStopped', 'critical', []),
  );
  await vi.waitFor(async () => expect(await text(page, '#alerts-state')).toMatch(/^1 firing, 1 /), WAIT);
  const [first, second] = await page.locator('#alerts li').all();
  expect(await first?.innerText()).toMatch(
    /CandlesStopped critical\s+summary of CandlesStopped\s+what it means/,
  );
  expect(await first?.innerText()).toContain(
    'since 2026-11-22 12:00 UTC · Dashboard · docs/runbooks/data.md#symbolstale',
  );
  expect(await second?.innerText()).toContain('explained by CandlesStopped');
  await vi.waitFor(async () => expect(await text(page, '#status')).toContain('CandlesStopped'), WAIT);
  await page.getByRole('link', { name: 'Dashboard of SymbolStale' }).focus();
  await Promise.all([
    page.waitForURL(/\/d\/crypto-market-live\?var-symbol=BTCUSDT/),
    page.keyboard.press('Enter'),
  ]);
  await page.goBack();
  stand.alerts.length = 0;
  await vi.waitFor(async () => expect(await text(page, '#alerts-state')).toBe('None fires'), WAIT);
  await page.close();
});

test('without Prometheus the page says so and keeps what it has; with it again it goes on by itself', async () => {
  const { page, errors } = await openPair();
  const price = await text(page, '#price');
  await stand.stopStore();
  await vi.waitFor(
    async () => expect(await text(page, '#headline')).toBe('Prometheus can’t be reached'),
    WAIT,
  );
  expect(await text(page, '#problems')).toContain('the connection was refused');
  expect(await text(page, '#price')).toBe(price);

  await stand.startStoreAgain();
  await vi.waitFor(async () => expect(await text(page, '#headline')).toBe('All parts are working'), {
    ...WAIT,
    timeout: 60_000,
  });
  expect(errors).toEqual([]);
}, 90_000);

test.each([
  [360, 'light'],
  [360, 'dark'],
  [768, 'light'],
  [1440, 'dark'],
] as const)(
  'at %i px in %s nothing is wider than the window, not even the open picker',
  async (width, colorScheme) => {
    const { page } = await openPair('DRV0001USDT', { width, colorScheme });
    await page.click('#pair');
    const wider = await page.evaluate<string[]>(
      `[...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.table-frame'))
      .map((element) => element.tagName + '#' + element.id)`,
    );
    expect(wider).toEqual([]);
    expect(
      await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
  },
);

test('the colours follow the system until the reader chooses, and the choice outlives a reload', async () => {
  const { page } = await openPair('BTCUSDT', { colorScheme: 'dark' });
  const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  const dark = await ground();
  await page.click('#theme');
  expect(await text(page, '#theme')).toBe('Theme: light');
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await ground()).toBe(light);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.click('#theme');
  expect(await ground()).toBe(dark);
});

test('a page whose server is gone says so', async () => {
  const { page } = await openPair();
  await stand.page[Symbol.asyncDispose]();
  await vi.waitFor(
    async () => expect(await text(page, '#headline')).toBe('The page has lost its server'),
    WAIT,
  );
  expect(await text(page, '#price')).toMatch(/\d/);
});
