import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { MINUTE_MS } from '#domain/candle.ts';

/** What a user reads off the page without touching it. */
export interface ShownCandle {
  readonly symbol: string;
  /** Hour and minute, UTC. */
  readonly closedAt: string;
  readonly price: number;
}

const GIVE_UP_MS = 120_000;

/** Looks until the newest candle is one that `isIt` takes. By turns: the page's policy forbids what Playwright would wait with. */
export async function untilShown(page: Page, isIt: (candle: ShownCandle) => boolean): Promise<ShownCandle> {
  const endMs = Date.now() + GIVE_UP_MS;
  let last: ShownCandle | undefined;
  while (Date.now() < endMs) {
    last = await readCandle(page);
    if (last !== undefined && isIt(last)) return last;
    await sleep(20);
  }
  throw new Error(`expected a live candle on the page, got ${JSON.stringify(last)} as the newest`);
}

async function readCandle(page: Page): Promise<ShownCandle | undefined> {
  const label = (await page.getAttribute('#chart', 'aria-label')) ?? '';
  const price = await page.getAttribute('#price', 'value');
  const { symbol, closedAt } =
    /^Candles of (?<symbol>\S+), .* last close .* at (?<closedAt>\d\d:\d\d) UTC$/.exec(label)?.groups ?? {};
  if (!symbol || !closedAt || !price) return undefined;
  return { symbol, closedAt, price: Number(price) };
}

export function minuteOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 16);
}

/** The same candle as the exchange has it, by the exchange's clock. */
export async function closeAtExchange(exchange: string, { symbol, closedAt }: ShownCandle): Promise<number> {
  const { serverTime } = z.object({ serverTime: z.int() }).parse(await ask(`${exchange}/api/v3/time`));
  let closedMs = Math.floor(serverTime / MINUTE_MS) * MINUTE_MS;
  while (minuteOf(closedMs) !== closedAt) closedMs -= MINUTE_MS;
  const query = new URLSearchParams({
    symbol,
    interval: '1m',
    startTime: String(closedMs - MINUTE_MS),
    limit: '1',
  });
  const [row] = z
    .array(z.array(z.unknown()))
    .parse(await ask(`${exchange}/api/v3/klines?${query.toString()}`));
  return Number(row?.[CLOSE]);
}

/** In the exchange's rows. */
const CLOSE = 4;

async function ask(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}
