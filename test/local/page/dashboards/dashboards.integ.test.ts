import axe from 'axe-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { MINUTE_MS } from '#domain/candle.ts';
import { loadDashboards } from '#local/page/dashboards/load-dashboards.ts';
import type { PanelAnswer } from '#local/page/dashboards/dashboard-answers.ts';
import { candleAt } from '#test/candles.ts';
import { openBrowser } from '#test/local/page/open-browser.ts';
import { runningState, setUsualMetrics, startStand } from '#test/local/page/stand.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', '币安人生USDT'];
const MINUTES = 30;
const WAIT = { timeout: 20_000, interval: 200 };
const LIVE = '/d/crypto-market-live';

const resources = new AsyncDisposableStack();
let stand: Awaited<ReturnType<typeof startStand>>;
let browser: Pick<Awaited<ReturnType<typeof openBrowser>>, 'open'>;
const pages: Page[] = [];

beforeAll(async () => {
  stand = resources.use(await startStand());
  const started = resources.use(await openBrowser());
  browser = {
    open: async (...given) => {
      const opened = await started.open(...given);
      pages.push(opened.page);
      return opened;
    },
  };
  setUsualMetrics(stand.metrics, SYMBOLS);
  stand.setState(runningState('replay'));
  const startMs = Math.floor(Date.now() / MINUTE_MS - MINUTES) * MINUTE_MS;
  for (let minute = 0; minute < MINUTES; minute++) {
    const openMs = startMs + minute * MINUTE_MS;
    const candles = SYMBOLS.map((symbol) => candleAt(openMs, symbol));
    // oxlint-disable-next-line no-await-in-loop -- samples of a series have to come in order
    await stand.write(candles, openMs + MINUTE_MS + 300);
  }
});
// A page that is left open goes on asking.
afterEach(() => Promise.all(pages.splice(0).map((page) => page.context().close())));
afterAll(() => resources.disposeAsync());

async function open(path: string, options: Parameters<typeof browser.open>[1] = { width: 1280 }) {
  const opened = await browser.open(`${stand.page.url}${path}`, options);
  await settled(opened.page);
  return opened;
}

/** Until no panel in sight waits for its answer, and there are some. */
async function settled(page: Page): Promise<void> {
  await vi.waitFor(async () => {
    expect(await page.locator('.panel').count()).toBeGreaterThan(0);
    expect(await page.locator('.panel[aria-busy]').count()).toBe(0);
    expect(await page.locator('.panel-body > *, .panel-message:not(:empty)').count()).toBeGreaterThan(0);
  }, WAIT);
}

function panel(page: Page, title: string) {
  return page.locator('.panel').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
}

test('a dashboard shows the symbol of its address, and its panels draw what Prometheus holds', async () => {
  const { page, errors, hosts } = await open(`${LIVE}?var-symbol=${encodeURIComponent('币安人生USDT')}`);
  expect(await page.textContent('h1')).toBe('Market live');
  expect(await page.getAttribute('nav.pages [aria-current]', 'href')).toBe(LIVE);
  await vi.waitFor(
    async () => expect(await panel(page, '币安人生USDT').locator('canvas').count()).toBeGreaterThan(0),
    WAIT,
  );
  expect(await panel(page, 'Price').textContent()).toMatch(/\d/);
  expect([errors, [...hosts]]).toEqual([[], ['127.0.0.1']]);
});

test('a symbol is chosen by keyboard; the address says it, and the back button takes it back', async () => {
  const { page } = await open(`${LIVE}?var-symbol=BTCUSDT`);
  await page.getByRole('button', { name: 'Symbol BTCUSDT' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('eth');
  await vi.waitFor(async () => expect(await page.locator('[role=option]').count()).toBe(1), WAIT);
  await page.keyboard.press('Enter');
  await vi.waitFor(async () => expect(await panel(page, 'ETHUSDT').count()).toBe(1), WAIT);
  expect(new URL(page.url()).searchParams.get('var-symbol')).toBe('ETHUSDT');
  await page.goBack();
  await vi.waitFor(async () => expect(await panel(page, 'BTCUSDT').count()).toBe(1), WAIT);
  expect(await page.getByRole('button', { name: 'Symbol BTCUSDT' }).count()).toBe(1);
});

test('a time range is chosen from the list or written, and what is no range is refused in words', async () => {
  const { page } = await open(LIVE);
  await page.getByRole('button', { name: 'Last 3 hours' }).first().click();
  await page.getByRole('button', { name: 'Last 15 minutes' }).click();
  await vi.waitFor(() => expect(new URL(page.url()).searchParams.get('from')).toBe('now-15m'), WAIT);
  await page.getByRole('button', { name: 'Last 15 minutes' }).first().click();
  await page.getByLabel('From').fill('2026-01-02 03:04');
  await page.getByLabel('To', { exact: true }).fill('2026-01-02 03:04');
  await page.keyboard.press('Enter');
  expect(await page.textContent('.form-problem')).toContain('Expected two times');
  await page.getByLabel('To', { exact: true }).fill('2026-01-02 04:04');
  await page.keyboard.press('Enter');
  await vi.waitFor(() => expect(new URL(page.url()).searchParams.get('to')).toMatch(/^\d{13}$/), WAIT);
  const { searchParams } = new URL(page.url());
  expect(Number(searchParams.get('to')) - Number(searchParams.get('from'))).toBe(3_600_000);
  await vi.waitFor(async () => expect(await panel(page, 'Price').textContent()).toContain('no data'), WAIT);
});

test('what comes with the address is only ever the text of a label', async () => {
  const ask = async (symbol: string) => {
    const parameters = new URLSearchParams({
      dashboard: 'crypto-market-live',
      panel: String(pricePanel.id),
      ref: 'A',
      kind: 'range',
      points: '100',
      from: String(Date.now() - 3_600_000),
      to: String(Date.now()),
      'var-symbol': symbol,
    });
    const response = await fetch(`${stand.page.url}/api/panel?${parameters.toString()}`);
    const answer = (await response.json()) as PanelAnswer; // what dashboard-answers.ts promises
    return answer.kind === 'series' ? answer.series.length : answer;
  };
  const pricePanel = dashboardPanel('Price');
  expect(await ask('BTCUSDT')).toBe(1);
  for (const symbol of [
    'x"} or vector(1) #',
    "x'} or vector(1) #",
    'x\\"} or vector(1) #',
    '.*',
    '$__interval',
  ]) {
    expect([symbol, await ask(symbol)]).toEqual([symbol, 0]);
  }
});

function dashboardPanel(title: string) {
  const found = loadDashboards()
    .get('crypto-market-live')
    ?.panels.find((candidate) => candidate.title === title);
  if (!found) throw new Error(`expected a panel ${title} in the generated dashboard`);
  return found;
}

test('panels out of sight are asked once they come into it', async () => {
  const { page } = await browser.open('about:blank', { width: 1280 });
  await page.setViewportSize({ width: 1280, height: 300 });
  const asked = new Set<string>();
  page.on('request', (request) => {
    const id = new URL(request.url()).searchParams.get('panel');
    if (id !== null) asked.add(id);
  });
  await page.goto(`${stand.page.url}${LIVE}?var-symbol=BTCUSDT`);
  await settled(page);
  const inSight = asked.size;
  const all = await page.locator('.panel').count();
  expect(inSight).toBeGreaterThan(0);
  expect(inSight).toBeLessThan(all);
  await page.locator('.panel').last().scrollIntoViewIfNeeded();
  await vi.waitFor(() => expect(asked.size).toBeGreaterThan(inSight), WAIT);
});

test('a panel whose answer is late does not hold up the others, and one that fails says why', async () => {
  const { page } = await browser.open('about:blank', { width: 1280 });
  const { id } = dashboardPanel('Price');
  await page.route('**/api/panel?*', async (route) => {
    const asked = new URL(route.request().url()).searchParams.get('panel');
    if (asked === String(id)) return; // never answered
    if (asked === String(id + 2)) {
      await route.fulfill({ json: { kind: 'refused', reason: 'parse error: unexpected end of input' } });
    } else await route.continue();
  });
  await page.goto(`${stand.page.url}${LIVE}?var-symbol=BTCUSDT`);
  await vi.waitFor(async () => {
    expect(await panel(page, 'Volume in 24 hours').textContent()).toContain(
      'parse error: unexpected end of input',
    );
    expect(await panel(page, 'Trades in the last hour').locator('.panel-body > *').count()).toBe(1);
  }, WAIT);
  expect(await panel(page, 'Price').getAttribute('aria-busy')).toBe('true');
});

test('an answer about the symbol before is dropped when it comes late', async () => {
  const { page } = await browser.open('about:blank', { width: 1280 });
  const { id } = dashboardPanel('Price');
  const late: { answer?: () => void } = {};
  await page.route(`**/api/panel?*panel=${id}&*`, async (route) => {
    if (new URL(route.request().url()).searchParams.get('var-symbol') !== 'BTCUSDT') return route.continue();
    const json: PanelAnswer = {
      kind: 'series',
      stepMs: 15_000,
      series: [{ labels: {}, samples: [[Date.now(), '987654321']] }],
    };
    // The browser may have given up on it: then it can't be answered any more.
    late.answer = () => void route.fulfill({ json }).catch(() => undefined);
  });
  await page.goto(`${stand.page.url}${LIVE}?var-symbol=BTCUSDT`);
  await vi.waitFor(
    async () => expect(await panel(page, 'Price').getAttribute('aria-busy')).toBe('true'),
    WAIT,
  );
  await page.getByRole('button', { name: 'Symbol BTCUSDT' }).click();
  await page.getByRole('option', { name: 'ETHUSDT' }).click();
  await vi.waitFor(
    async () => expect(await panel(page, 'Price').locator('.panel-body > *').count()).toBe(1),
    WAIT,
  );
  const shown = await panel(page, 'Price').textContent();
  late.answer?.();
  await page.waitForTimeout(500);
  expect(await panel(page, 'Price').textContent()).toBe(shown);
});

test('a row folds its panels away and back', async () => {
  const { page } = await open(LIVE);
  await page.getByRole('button', { name: 'Now', exact: true }).click();
  expect(await panel(page, 'Price').isVisible()).toBe(false);
  await page.keyboard.press('Enter');
  expect(await panel(page, 'Price').isVisible()).toBe(true);
});

test('what a panel means opens by keyboard beside it, and Escape closes it', async () => {
  const { page } = await open(LIVE);
  const about = page.getByRole('button', { name: 'About Price' });
  await about.focus();
  await page.keyboard.press('Enter');
  await vi.waitFor(async () => expect(await page.locator('.description:popover-open').count()).toBe(1), WAIT);
  expect(await about.getAttribute('aria-expanded')).toBe('true');
  await page.keyboard.press('Escape');
  expect(await page.locator('.description:popover-open').count()).toBe(0);
});

const PATHS = ['/', ...[...loadDashboards().keys()].map((uid) => `/d/${uid}`)];

test.each(PATHS.flatMap((path) => [1280, 360].map((width) => ({ path, width }))))(
  '$path is accessible to AA in both themes at $width pixels, and no wider than them',
  async ({ path, width }) => {
    const { page, errors } = await browser.open(`${stand.page.url}${path}`, { width });
    // As tall as the page, so that every panel is in sight and drawn.
    await page.setViewportSize({ width, height: 6000 });
    await (path === '/' ? priced(page) : settled(page));
    await page.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark'] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one page, one theme at a time
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // oxlint-disable-next-line no-await-in-loop
      const found = await violations(page);
      expect({ colorScheme, ...found }).toEqual({ colorScheme, violations: [], passed: true });
    }
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(errors).toEqual([]);
  },
  180_000,
);

test('what opens from a dashboard is accessible too, and fits a phone', async () => {
  const { page } = await open(`${LIVE}?var-symbol=BTCUSDT`, { width: 360 });
  await page.evaluate(axe.source);
  for (const name of ['Time range: Last 3 hours', 'Symbol BTCUSDT', 'About Price']) {
    await page.getByRole('button', { name }).click();
    const box = await page.locator(':popover-open').boundingBox();
    expect([name, await violations(page)]).toEqual([name, { violations: [], passed: true }]);
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    await page.keyboard.press('Escape');
  }
}, 180_000);

async function priced(page: Page): Promise<void> {
  await vi.waitFor(async () => expect(await page.textContent('#price')).toMatch(/\d/), WAIT);
}

async function violations(page: Page) {
  const result = await page.evaluate<{ violations: axe.Result[]; passes: number }>(`
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
      .then(({ violations, passes }) => ({ violations, passes: passes.length }))
  `);
  return {
    passed: result.passes > 15,
    violations: result.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    ),
  };
}
