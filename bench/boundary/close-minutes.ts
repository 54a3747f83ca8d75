import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Reader } from '#bench/decode/serve-market.ts';
import { serveMarket, textHeader } from '#bench/decode/serve-market.ts';
import { klineFrame } from '#local/exchange/frames.ts';

/** An exchange at which all symbols' minutes close in the same instant, when it is told so. */
export interface BoundaryMarket {
  readonly port: number;
  /** Somebody has subscribed to every symbol. */
  readonly subscribed: Promise<void>;
  /** Sends the closing frame of each symbol; returns when, in ms since 1970, and what all of them closed at. */
  closeMinute(): { readonly sentMs: number; readonly closeMs: number; readonly price: number };
}

/** Its minutes end before now, one after the other; how long apart they close is up to the caller. */
export async function startBoundaryMarket(
  symbols: readonly string[],
  minutes: number,
): Promise<BoundaryMarket> {
  const firstOpenMs = (Math.floor(Date.now() / MINUTE_MS) - minutes - 1) * MINUTE_MS;
  const readers: Reader[] = [];
  const subscribed = Promise.withResolvers<void>();
  let minute = 0;
  let clockMs = firstOpenMs;
  const port = await serveMarket({
    symbols,
    nowMs: () => clockMs,
    send: async (reader) => {
      readers.push(reader);
      if (readers.reduce((sum, one) => sum + one.subscribed.size, 0) >= symbols.length) subscribed.resolve();
    },
  });
  return {
    port,
    subscribed: subscribed.promise,
    closeMinute: () => {
      const openMs = firstOpenMs + minute * MINUTE_MS;
      const price = 1000 + minute;
      minute += 1;
      clockMs = openMs + MINUTE_MS;
      const writes = readers.map(({ socket, combined, subscribed: indexes }) => {
        const parts = [...indexes].flatMap((index) => {
          const frame = closingFrame(symbols[index] ?? '', openMs, price);
          const payload = combined ? frame.combined : frame.raw;
          return [textHeader(payload.length), payload];
        });
        return { socket, bytes: Buffer.concat(parts) };
      });
      const sentMs = performance.timeOrigin + performance.now();
      for (const { socket, bytes } of writes) socket.write(bytes);
      return { sentMs, closeMs: openMs + MINUTE_MS - 1, price };
    },
  };
}

function closingFrame(symbol: string, openMs: number, price: number) {
  const decimal = `${price}.00000000`;
  const candle = {
    symbol,
    openMs,
    open: decimal,
    high: decimal,
    low: decimal,
    close: decimal,
    base: '4.75297000',
    quote: '535846.83867820',
    takerBase: '1.90045000',
    takerQuote: '214244.39643660',
    trades: 1459,
    firstTradeId: 5_400_000_001,
    lastTradeId: 5_400_001_459,
  };
  return klineFrame(candle, openMs + MINUTE_MS + 12, true);
}

const vectorSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** Often enough for the figures, and far from what would keep the store busy: it counts by itself. */
const POLL_MS = 20;

/**
 * Waits until as many series of a metric have this value, and returns how long after `sentMs` each was first there, in ms,
 * one for each series. Throws after `withinMs`.
 */
export async function queryableAfter(
  { url, metric, atMs }: { readonly url: string; readonly metric: string; readonly atMs?: number },
  { sentMs, price, symbols }: { readonly sentMs: number; readonly price: number; readonly symbols: number },
  withinMs: number,
): Promise<readonly number[]> {
  const seen: number[] = [];
  while (seen.length < symbols) {
    const form = new URLSearchParams({ query: `count(${metric} == ${price})` });
    if (atMs !== undefined) form.set('time', String(atMs / 1000));
    const response = await fetch(`${url}/api/v1/query?${form.toString()}`);
    const answer: unknown = await response.json();
    const afterMs = performance.timeOrigin + performance.now() - sentMs;
    const count = Number(vectorSchema.parse(answer).data.result[0]?.value[1] ?? 0);
    while (seen.length < count) seen.push(afterMs);
    if (afterMs > withinMs)
      throw new Error(
        `expected ${symbols} series of ${metric} at ${price} within ${withinMs} ms, got ${count}`,
      );
    await delay(POLL_MS);
  }
  return seen;
}

/** The value that so many of a hundred are at or below, by the nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}
