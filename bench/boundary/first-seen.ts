import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { preciseNow } from './exchange.ts';
import type { Market } from './market.ts';
import { closeOf, lowestClose } from './market.ts';

/** Between an answer and the next question: a latency is at most so much, and a question's time, too long. */
export const POLL_PAUSE_MS = 50;

export interface Question {
  readonly prometheusUrl: string;
  /** Of the closing price. */
  readonly metric: string;
  readonly minute: number;
  /** Seconds since 1970 that the query is evaluated at; undefined: when it is asked. */
  readonly atSeconds?: number | undefined;
  readonly timeoutMs: number;
}

/**
 * Asks Prometheus until every symbol's closing price of that minute can be queried, and returns when each was first in an
 * answer, ms since 1970. Throws for a wrong price, and when the time is up.
 */
export async function firstSeen(market: Market, question: Question): Promise<ReadonlyMap<string, number>> {
  const { symbols } = market;
  const { minute, timeoutMs } = question;
  const prices = new Map(symbols.map((symbol, index) => [symbol, closeOf(index, minute)]));
  const seen = new Map<string, number>();
  const endMs = Date.now() + timeoutMs;
  while (seen.size < symbols.length) {
    const samples = await ask(question);
    const nowMs = preciseNow();
    for (const { symbol, price } of samples) {
      if (seen.has(symbol)) continue;
      if (price !== prices.get(symbol))
        throw new Error(`expected ${prices.get(symbol)} of ${symbol}, got ${price}`);
      seen.set(symbol, nowMs);
    }
    if (Date.now() > endMs)
      throw new Error(`expected ${symbols.length} symbols after ${timeoutMs} ms, got ${seen.size}`);
    if (seen.size < symbols.length) await sleep(POLL_PAUSE_MS);
  }
  return seen;
}

/** Only what is of that minute or later, so that an answer before there is anything is small. */
async function ask({ prometheusUrl, metric, minute, atSeconds }: Question) {
  const query = `${metric} >= ${lowestClose(minute)}`;
  const samples = await instantQuery(prometheusUrl, query, atSeconds);
  return samples.map(({ labels, value }) => ({ symbol: labels['symbol'] ?? '', price: value }));
}

/** The vector that a query gives at a time. */
export async function instantQuery(prometheusUrl: string, query: string, atSeconds?: number) {
  const parameters = new URLSearchParams({
    query,
    ...(atSeconds !== undefined && { time: String(atSeconds) }),
  });
  const answer = await fetch(`${prometheusUrl}/api/v1/query?${parameters.toString()}`);
  const { data } = vectorSchema.parse(await answer.json());
  return data.result.map(({ metric: labels, value }) => ({ labels, value: Number(value[1]) }));
}

const vectorSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});
