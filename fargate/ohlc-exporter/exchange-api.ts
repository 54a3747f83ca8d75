import * as z from 'zod';
import type { Decoded, Rejected } from '#domain/candle.ts';
import { MINUTE_MS, rejected, SYMBOL_PATTERN } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { DECIMAL_PATTERN } from '#domain/decimal.ts';
import { fromKlineRow } from '#domain/kline-row.ts';
import type { RestGet, RestOutcome } from './rest-client.ts';

/** The calls this process makes, with their weights: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md */
export interface ExchangeApi {
  /** The exchange's clock, between two readings of the local one; all ms since 1970. */
  time(signal: AbortSignal): Promise<ApiResult<{ serverMs: number; sentMs: number; receivedMs: number }>>;
  /** Up to 1,000 minutes from `fromMs` to `toMs` (open times, inclusive), oldest first; the last one may still be forming. */
  klines(
    symbol: string,
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<ApiResult<readonly Decoded[]>>;
  /** Open time of the first minute the exchange has of a symbol; undefined while it has none. */
  firstMinute(symbol: string, signal: AbortSignal): Promise<ApiResult<number | undefined>>;
  listings(signal: AbortSignal): Promise<ApiResult<readonly Listing[]>>;
  /** Symbol to 24 h quote volume, as a number: only ever used for ranking. */
  quoteVolumes(signal: AbortSignal): Promise<ApiResult<ReadonlyMap<string, number>>>;
}

export type ApiResult<T> = { readonly kind: 'ok'; readonly value: T } | Exclude<RestOutcome, { kind: 'ok' }>;

export interface Listing {
  readonly symbol: string;
  readonly quoteAsset: string;
  /** TRADING, or HALT, BREAK, END_OF_DAY, CANCEL_ONLY. */
  readonly status: string;
}

/** Rows a klines request returns at most. */
export const PAGE_MINUTES = 1000;

const WEIGHT = { time: 1, klines: 2, exchangeInfo: 20, ticker: 80 } as const;

/** A body of another shape than documented is treated like an outage: tried again, never guessed at. */
const SHAPE_PAUSE_MS = 30_000;

/**
 * A clock that jumps this far is a broken answer: every minute up to it would be looked for. It is held against the first
 * reading, not against the local clock, which may be off by any amount.
 */
const MAX_CLOCK_JUMP_MS = 2 * 24 * 60 * MINUTE_MS;

/** A time in milliseconds lies before it, one in another unit behind it. */
const LAST_TIME_MS = Date.UTC(2100, 0, 1);

/** Of a list whose other items are good, `reject` gets those that no symbol is named by. */
export function createExchangeApi(get: RestGet, reject: (item: Rejected) => void): ExchangeApi {
  let firstOffsetMs: number | undefined;
  const named = <T extends { readonly symbol: string }>(items: readonly T[]): readonly T[] =>
    items.filter((item) => {
      if (SYMBOL_PATTERN.test(item.symbol)) return true;
      const raw = new TextEncoder().encode(JSON.stringify(item));
      reject(rejected('not-a-symbol', 'expected a symbol of 1 to 64 letters, digits, _ or -', raw));
      return false;
    });
  return {
    async time(signal) {
      const outcome = await get('/api/v3/time', WEIGHT.time, signal);
      if (outcome.kind !== 'ok') return outcome;
      const { sentMs, receivedMs } = outcome;
      const time = shaped(timeSchema, outcome.body, ({ serverTime }) => serverTime);
      if (time.kind !== 'ok') return time;
      const offsetMs = time.value - receivedMs;
      firstOffsetMs ??= offsetMs;
      if (Math.abs(offsetMs - firstOffsetMs) > MAX_CLOCK_JUMP_MS) {
        const reason = `expected a time within two days of what the first answer said, got ${toInstant(time.value)}`;
        return { kind: 'unavailable', reason, retryAfterMs: SHAPE_PAUSE_MS };
      }
      return { kind: 'ok', value: { serverMs: time.value, sentMs, receivedMs } };
    },
    async klines(symbol, fromMs, toMs, signal) {
      const query = new URLSearchParams({
        symbol,
        interval: '1m',
        startTime: String(fromMs),
        endTime: String(toMs + MINUTE_MS - 1),
        limit: String(PAGE_MINUTES),
      });
      const outcome = await get(`/api/v3/klines?${query.toString()}`, WEIGHT.klines, signal);
      if (outcome.kind !== 'ok') return outcome;
      const { receivedMs } = outcome;
      return shaped(z.array(z.unknown()), outcome.body, (rows) =>
        rows.map((row) => fromKlineRow(row, symbol, receivedMs)),
      );
    },
    async firstMinute(symbol, signal) {
      const query = new URLSearchParams({ symbol, interval: '1m', startTime: '0', limit: '1' });
      const outcome = await get(`/api/v3/klines?${query.toString()}`, WEIGHT.klines, signal);
      if (outcome.kind !== 'ok') return outcome;
      return shaped(firstRowSchema, outcome.body, (rows) => rows[0]?.[0]);
    },
    async listings(signal) {
      const outcome = await get('/api/v3/exchangeInfo', WEIGHT.exchangeInfo, signal);
      return outcome.kind === 'ok'
        ? shaped(infoSchema, outcome.body, (info) => named(info.symbols))
        : outcome;
    },
    async quoteVolumes(signal) {
      const outcome = await get('/api/v3/ticker/24hr?type=MINI', WEIGHT.ticker, signal);
      if (outcome.kind !== 'ok') return outcome;
      return shaped(
        tickersSchema,
        outcome.body,
        (all) => new Map(named(all).map((one) => [one.symbol, Number(one.quoteVolume)])),
      );
    },
  };
}

function shaped<T, U>(schema: z.ZodType<T>, body: unknown, use: (value: T) => U): ApiResult<U> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { kind: 'ok', value: use(parsed.data) };
  return {
    kind: 'unavailable',
    reason: `unexpected answer: ${z.prettifyError(parsed.error).slice(0, 300)}`,
    retryAfterMs: SHAPE_PAUSE_MS,
  };
}

const epochMs = z.int().min(0).max(LAST_TIME_MS);
const timeSchema = z.object({ serverTime: epochMs });
const firstRowSchema = z.array(z.tuple([epochMs], z.unknown()));
const infoSchema = z.object({
  symbols: z.array(z.object({ symbol: z.string(), quoteAsset: z.string(), status: z.string() })),
});
const tickersSchema = z.array(
  z.object({ symbol: z.string(), quoteVolume: z.string().regex(DECIMAL_PATTERN) }),
);
