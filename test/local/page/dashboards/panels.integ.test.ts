import axe from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openBrowser } from '#test/local/page/open-browser.ts';
import { startDrawingStand } from './drawing-stand.ts';
import { generatedPanels } from './generated-panels.ts';
import { MINUTE_MS, START_MS } from './panel-frames.ts';
import { panelSamples } from './panel-samples.ts';

const resources = new AsyncDisposableStack();
const samples = panelSamples();
let browser: Awaited<ReturnType<typeof openBrowser>>;
let url: string;
let page: Page;
let errors: readonly string[];

beforeAll(async () => {
  const stand = resources.use(await startDrawingStand(samples));
  browser = resources.use(await openBrowser());
  ({ url } = stand);
  ({ page, errors } = await openStand());
});
afterAll(() => resources.disposeAsync());

async function openStand(options: Parameters<typeof browser.open>[1] = {}) {
  const opened = await browser.open(url, options);
  await opened.page.waitForFunction('globalThis.stand?.ready');
  return opened;
}

const label = (name: string) => page.getAttribute(`#${name} [role=img]`, 'aria-label');
const textsOf = (selector: string) => page.locator(selector).allTextContents();

/** Runs in the page, where the test's own types of the document do not reach. */
function inPage<T>(of: Page, body: string, given: unknown): Promise<T> {
  return of.evaluate<T>(`((given) => { ${body} })(${JSON.stringify(given)})`);
}

function style(selector: string, property: string): Promise<string> {
  const body = 'return getComputedStyle(document.querySelector(given[0])).getPropertyValue(given[1]);';
  return inPage(page, body, [selector, property]);
}

/** A colour of the style sheet as the browser computes it. */
function named(colour: string): Promise<string> {
  const body = `const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--viz-' + given + ')';
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;`;
  return inPage(page, body, colour);
}

/** Runs of columns of the canvas that hold this colour, in a band of its height from its top, in shares. */
function runs(name: string, colour: string, [from, to]: readonly [number, number]): Promise<number> {
  const body = `const canvas = document.querySelector('#' + given.name + ' canvas');
    const top = Math.round(canvas.height * given.from);
    const height = Math.round(canvas.height * given.to) - top;
    const { data, width } = canvas.getContext('2d').getImageData(0, top, canvas.width, height);
    const filled = new Set();
    for (let place = 0; place < data.length; place += 4) {
      const found = 'rgb(' + data[place] + ', ' + data[place + 1] + ', ' + data[place + 2] + ')';
      if (found === given.colour) filled.add((place / 4) % width);
    }
    return [...filled].filter((x) => !filled.has(x - 1)).length;`;
  return inPage(page, body, { name, colour, from, to });
}

test('every panel type of the committed dashboards is drawn, and another is an error that names it', async () => {
  const types = [...new Set((await generatedPanels()).map(({ panel }) => panel.type))];
  expect(types).toContain('timeseries');
  const drawn = await page.evaluate(`${JSON.stringify(types)}.map((type) => typeof stand.drawingOf(type))`);
  expect(drawn).toEqual(types.map(() => 'function'));
  await expect(page.evaluate("stand.drawingOf('piechart')")).rejects.toThrow(/got piechart/u);
});

test('a time series says its last values, and its line breaks where samples are missing', async () => {
  expect(await label('timeseries')).toBe('Latency, over time, last: slow 4 s; fast 3 s');
  expect(await runs('timeseries', await named('series-1'), [0, 0.75])).toBe(2);
  expect(await runs('timeseries', await named('purple'), [0, 0.2])).toBe(1);
});

test('arrow keys tell the values at a time, the greatest first, and Escape ends it', async () => {
  await page.focus('#timeseries [role=img]');
  await page.keyboard.press('End');
  const box = page.locator('.viz-tooltip:visible');
  expect(await box.locator('.viz-tooltip-title').textContent()).toBe('2026-01-02 03:30:00');
  expect(await box.locator('.viz-tooltip-row').allTextContents()).toEqual(['slow4 s', 'fast3 s']);
  for (let step = 0; step < 18; step++) await page.keyboard.press('ArrowLeft');
  expect(await page.textContent('#timeseries [aria-live]')).toBe(
    '2026-01-02 03:12:00; fast 1.2 s; Rotation: connection 3',
  );
  expect(await page.evaluate('stand.pointed.at(-1)')).toBe(START_MS + 12 * MINUTE_MS);
  await page.keyboard.press('Escape');
  expect(await box.count()).toBe(0);
});

test('a legend key shows a series alone, and the drawing follows', async () => {
  const items = page.locator('#timeseries .viz-legend-item');
  expect(await textsOf('#timeseries .viz-legend li')).toEqual(['slowMax: 4 s', 'fastMax: 3 s']);
  await items.nth(1).focus();
  await page.keyboard.press('Enter');
  const states = () => items.evaluateAll((all) => all.map((item) => item.getAttribute('aria-pressed')));
  expect(await states()).toEqual(['false', 'true']);
  expect(await label('timeseries')).toBe('Latency, over time, last: fast 3 s');
  expect(await runs('timeseries', await named('series-1'), [0, 0.75])).toBe(0);
  await page.keyboard.press('Enter');
  expect(await states()).toEqual(['true', 'true']);
});

test('a drag across the plot asks for that span of time', async () => {
  const over = await page.locator('#timeseries .u-over').boundingBox();
  if (!over) throw new Error('plot: expected it in sight');
  const y = over.y + over.height / 2;
  await page.mouse.move(over.x + over.width / 3, y);
  await page.mouse.down();
  await page.mouse.move(over.x + (over.width * 2) / 3, y, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
  const zoomed = await page.evaluate<number[][]>('stand.zoomed');
  const minutes = zoomed.flat().map((timeMs) => Math.round((timeMs - START_MS) / MINUTE_MS));
  expect(minutes).toEqual([10, 20]);
});

test('numbers have the colour of their threshold in both themes, and none says what the panel says', async () => {
  expect(await textsOf('#stat .viz-stat')).toEqual(['up2.00%', 'down-2.50%', 'unknownno day yet']);
  expect(await page.locator('#stat polyline').count()).toBe(2);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await style('#stat li:nth-child(1) .viz-stat-value', 'color')).toBe(await named('green'));
    expect(await style('#stat li:nth-child(2) .viz-stat-value', 'color')).toBe(await named('red'));
    expect(await style('#background .viz-stat', 'background-color')).toBe(await named('red'));
  }
  expect(await style('#stat li:nth-child(3) .viz-stat-value', 'color')).not.toBe(await named('red'));
});

test('a bar is as long as its value, and one below the least has none', async () => {
  const lit = await page
    .locator('#bargauge .viz-bar i')
    .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('style')));
  expect(lit.map((text) => /width: ([^;]+);/u.exec(text ?? '')?.[1])).toEqual(['50%', '25%', '0%']);
  expect(await textsOf('#bargauge .viz-gauge-value')).toEqual(['50%', '25%', '-100%']);
  expect(await style('#bargauge li:nth-child(3) .viz-gauge-value', 'color')).toBe(await named('red'));
});

test('candles stand one by one, rising and falling in their colours, and say their prices', async () => {
  expect(await label('candlestick')).toBe(
    'BTCUSDT, 5 candles, the last: Open 120, High 125, Low 105, Close 110, Volume 9',
  );
  expect(await runs('candlestick', await named('green'), [0, 0.7])).toBe(3);
  expect(await runs('candlestick', await named('red'), [0, 0.7])).toBe(2);
});

test('a table is sorted by the keyboard, and says by what', async () => {
  const symbols = () => textsOf('#table tbody td:first-child');
  const sorted = () =>
    page.locator('#table th').evaluateAll((all) => all.map((th) => th.getAttribute('aria-sort')));
  expect(await symbols()).toEqual(['BTCUSDT', 'ETHUSDT', 'SOLUSDT']);
  await page.focus('#table th:nth-child(2) button');
  await page.keyboard.press('Enter');
  expect(await symbols()).toEqual(['SOLUSDT', 'BTCUSDT', 'ETHUSDT']);
  expect(await sorted()).toEqual(['none', 'ascending', 'none', 'none']);
  await page.keyboard.press('Enter');
  expect(await symbols()).toEqual(['ETHUSDT', 'BTCUSDT', 'SOLUSDT']);
  expect(await sorted()).toEqual(['none', 'descending', 'none', 'none']);
  expect(await textsOf('#table tfoot td')).toEqual(['Total', '18%', '13.5 Bil', '']);
});

test('cells have their colours, bars, lines and links', async () => {
  expect(await textsOf('#table tbody tr:nth-child(3) td')).toEqual(['SOLUSDT', '-3%', '4.5 Bil', '1']);
  expect(await style('#table tbody tr:nth-child(3) td:nth-child(2) span', 'color')).toBe(await named('red'));
  expect(await style('#table tbody tr:nth-child(1) td:nth-child(2) span', 'color')).toBe(
    await named('green'),
  );
  expect(await page.getAttribute('#table tbody tr:nth-child(1) a', 'href')).toBe(
    '/d/live?var-symbol=ETHUSDT',
  );
  expect(await page.locator('#table tbody tr:nth-child(1) .viz-bar').count()).toBe(0);
  expect(await page.getAttribute('#table tbody tr:nth-child(3) .viz-bar i', 'style')).toMatch(/width: 50%;/u);
  expect(await page.locator('#table polyline').count()).toBe(2);
});

test('a heat map has a cell for each time and value that holds samples', async () => {
  // 0 to 3.0 s in 30 minutes: each ten minutes hold ten values of the same second, and the last minute begins the next.
  expect(await label('heatmap')).toBe('Spread, 4 cells, most often 0 s to 1 s: 10 at 2026-01-02 03:00:00');
  await page.focus('#heatmap [role=img]');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect(await page.textContent('#heatmap [aria-live]')).toBe(
    '2026-01-02 03:10:00 to 03:20:00; 1 s to 2 s 10',
  );
  expect(await textsOf('#heatmap .viz-heat-legend span')).toEqual(['1', '10']);
});

test('an update changes what is there, and destroying leaves nothing', async () => {
  const { page: other } = await openStand();
  const same = await other.evaluate<boolean[]>(`Object.entries(stand.samples).map(([name, { data }]) => {
    const kept = document.querySelector('#' + name).querySelector('canvas, ul, table');
    stand.drawn[name].update(data);
    stand.drawn[name].resize();
    stand.drawn[name].recolour();
    stand.drawn[name].showPointer?.(${START_MS});
    return kept !== null && kept.isConnected;
  })`);
  expect(same).toEqual(Object.keys(samples).map(() => true));
  const left = await other.evaluate(`(() => {
    for (const drawn of Object.values(stand.drawn)) drawn.destroy();
    return [document.querySelectorAll('section > div > *').length, document.querySelectorAll('.viz-tooltip').length];
  })()`);
  expect(left).toEqual([0, 0]);
  await other.context().close();
});

test.each(['light', 'dark'] as const)(
  'on a phone nothing is wider than the screen, and axe finds nothing: %s',
  async (colorScheme) => {
    const { page: phone, errors: found } = await openStand({ width: 360, colorScheme });
    const width = await phone.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    await phone.evaluate(axe.source);
    const { violations, passes } = await phone.evaluate<axe.AxeResults>('axe.run()');
    expect(
      violations.map(({ id, nodes }) => [
        id,
        nodes.map(({ html, failureSummary }) => [html, failureSummary]),
      ]),
    ).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    expect(found).toEqual([]);
    await phone.context().close();
  },
);

test('nothing went wrong on the way', () => {
  expect(errors).toEqual([]);
});
