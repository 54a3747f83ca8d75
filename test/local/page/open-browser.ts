import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { chromiumPath } from '#local/setup/chromium.ts';

export interface Opened {
  readonly page: Page;
  /** Errors of the console and of scripts. */
  readonly errors: readonly string[];
  /** Hosts that the page asked for anything. */
  readonly hosts: ReadonlySet<string>;
}

/** A browser; each page has its own fresh profile. */
export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    async open(
      url: string,
      options: { readonly width?: number; readonly colorScheme?: 'light' | 'dark' } = {},
    ): Promise<Opened> {
      const { width = 1440, colorScheme = 'light' } = options;
      const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme });
      const page = await context.newPage();
      const errors: string[] = [];
      const hosts = new Set<string>();
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
      await page.goto(url);
      return { page, errors, hosts };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
