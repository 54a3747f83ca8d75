import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { chromiumPath } from '#local/setup/chromium.ts';
import type { SeriesAnswer } from './answers.ts';
import type { DashboardListAnswer } from './dashboards/dashboard-answers.ts';

interface Wanted {
  /** The local page's address. */
  readonly page: string;
  readonly out: string;
  readonly symbol: string;
  readonly from: string;
  /** How long data may take to come. */
  readonly waitMs: number;
  /** Whether what serves the page has ended. */
  readonly isOver?: (() => boolean) | undefined;
}

/** As wide as a laptop's window; as high as the dashboard, but no higher than this. */
const WIDTH = 1280;
const MAX_HEIGHT = 2600;
/** A file above this is no picture for a document. */
const MAX_BYTES = 300_000;
/** Minutes of candles that a picture is worth taking of. */
const ENOUGH_CANDLES = 30;

/** A PNG of each dashboard in each theme. Throws when no data comes, or a panel shows an error. */
export async function* takeScreenshots(wanted: Wanted): AsyncGenerator<{ file: string; bytes: number }> {
  await mkdir(wanted.out, { recursive: true });
  await waitForCandles(wanted);
  const { dashboards } = (await (await fetch(`${wanted.page}/api/dashboards`)).json()) as DashboardListAnswer; // as promised
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  try {
    for (const { uid } of dashboards) {
      for (const theme of ['dark', 'light'] as const) {
        const file = join(wanted.out, `${uid}-${theme}.png`);
        // oxlint-disable-next-line no-await-in-loop -- pictures one at a time: a browser is a lot for a small machine
        await using context = await browser.newContext({
          viewport: { width: WIDTH, height: 900 },
          colorScheme: theme,
          reducedMotion: 'reduce',
        });
        // oxlint-disable-next-line no-await-in-loop
        const page = await context.newPage();
        const parameters = new URLSearchParams({ from: wanted.from, to: 'now' });
        // the others show all symbols unless told otherwise
        if (uid === OF_ONE_SYMBOL) parameters.set('var-symbol', wanted.symbol);
        // oxlint-disable-next-line no-await-in-loop
        await page.goto(`${wanted.page}/d/${uid}?${parameters.toString()}`);
        // oxlint-disable-next-line no-await-in-loop
        await take(page, file);
        // oxlint-disable-next-line no-await-in-loop
        const { size: bytes } = await stat(file);
        if (bytes > MAX_BYTES) throw new Error(`${file}: expected at most ${MAX_BYTES} bytes, got ${bytes}`);
        yield { file, bytes };
      }
    }
  } finally {
    await browser.close();
  }
}

async function take(page: Page, file: string): Promise<void> {
  await page.waitForSelector('.panel');
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width: WIDTH, height: Math.min(height, MAX_HEIGHT) });
  await waitForPanels(page);
  const errors = await page.locator('.panel[data-tone=error]').allTextContents();
  if (errors.length > 0)
    throw new Error(`${page.url()}: expected no panel with an error, got ${errors.join('; ')}`);
  // A last frame for what is drawn after its data is there.
  await page.waitForTimeout(500);
  await page.screenshot({ path: file });
}

const OF_ONE_SYMBOL = 'crypto-market-live';

const PANELS_TIMEOUT_MS = 60_000;

/** By turns: the page's policy forbids what Playwright would wait with. */
async function waitForPanels(page: Page): Promise<void> {
  const endMs = Date.now() + PANELS_TIMEOUT_MS;
  while (Date.now() < endMs) {
    // oxlint-disable-next-line no-await-in-loop -- it waits
    const waiting = await page.evaluate<number>(
      `[...document.querySelectorAll('.panel')].filter((panel) => panel.checkVisibility() &&
        panel.getBoundingClientRect().top < innerHeight && (panel.hasAttribute('aria-busy') ||
        !panel.querySelector('.panel-body > *, .panel-message:not(:empty)'))).length`,
    );
    if (waiting === 0) return;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(200);
  }
  throw new Error(`${page.url()}: expected all panels to be drawn within ${PANELS_TIMEOUT_MS / 1000} s`);
}

async function waitForCandles({ page, symbol, waitMs, isOver }: Wanted): Promise<void> {
  const endMs = Date.now() + waitMs;
  let found = 'no answer';
  while (Date.now() < endMs) {
    if (isOver?.()) throw new Error('expected the pipeline to run, got its end: see what it said above');
    // oxlint-disable-next-line no-await-in-loop -- it waits
    const count = await countCandles(page, symbol);
    if (count !== undefined && count >= ENOUGH_CANDLES) return;
    found = count === undefined ? found : `${count}`;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(2_000);
  }
  throw new Error(
    `expected ${ENOUGH_CANDLES} candles of ${symbol} at ${page} within ${waitMs / 60_000} min, got ${found}: is the pipeline running?`,
  );
}

async function countCandles(page: string, symbol: string): Promise<number | undefined> {
  const parameters = new URLSearchParams({ name: 'candles', symbol, range: '2h' });
  const response = await fetch(`${page}/api/query?${parameters.toString()}`).catch(() => undefined);
  if (!response?.ok) return undefined;
  const answer = (await response.json()) as SeriesAnswer; // what answers.ts promises
  return answer.kind === 'series' ? (answer.series[0]?.samples.length ?? 0) : undefined;
}
