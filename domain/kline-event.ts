import * as z from 'zod';
import { describeIssues, isInOrder, isMinute, parseJson, rejected, toCandle } from './candle.ts';
import { toInstant } from './instant.ts';
import type { Candle, Rejected } from './candle.ts';
import { readUsualClosedEvent } from './usual-frame.ts';
import type { KlineEvent } from './usual-frame.ts';

/**
 * What a market stream's frame says, raw or combined. Field names are Binance's:
 * https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md#klinecandlestick-streams-for-utc
 */
export type StreamFrame =
  /** `openMs` is the candle's open time as a number, so that nobody has to read it out of its text again. */
  | {
      readonly kind: 'closed';
      readonly candle: Candle;
      readonly openMs: number;
      readonly eventMs: number;
    }
  | { readonly kind: 'forming' }
  | { readonly kind: 'shutdown' }
  /** The answer to a SUBSCRIBE, UNSUBSCRIBE or LIST_SUBSCRIPTIONS; `error` is the exchange's own text. */
  | { readonly kind: 'reply'; readonly id: number | string | null; readonly error?: string }
  | Rejected;

/** Reads one frame; never throws. `receivedMs` is the local clock at its arrival. */
export function readStreamFrame(raw: Uint8Array, receivedMs: number): StreamFrame {
  return readUsualFrame(raw, receivedMs) ?? readAnyFrame(raw, receivedMs);
}

function readUsualFrame(raw: Uint8Array, receivedMs: number): StreamFrame | undefined {
  const event = readUsualClosedEvent(raw);
  if (event === undefined || !isMinute(event.k.t, event.k.T)) return undefined;
  const candle = candleOf(event, receivedMs);
  return isInOrder(candle) ? { kind: 'closed', candle, openMs: event.k.t, eventMs: event.E } : undefined;
}

/** Slowly and whole. */
export function readAnyFrame(raw: Uint8Array, receivedMs: number): StreamFrame {
  const json = parseJson(raw);
  if (json.kind === 'rejected') return json;
  const reply = mayBeReply(json.value) ? replySchema.safeParse(json.value) : undefined;
  if (reply?.success) {
    const { id, error } = reply.data;
    return error
      ? { kind: 'reply', id, error: `${error.code} ${error.msg.slice(0, MOST_ERROR_CHARS)}` }
      : { kind: 'reply', id };
  }
  const event = unwrap(json.value);
  if (eventName(event) === 'serverShutdown') return { kind: 'shutdown' };
  if (eventName(event) !== 'kline') {
    return rejected('unknown-event', `expected a kline event, got ${shown(eventName(event))}`, raw);
  }
  const parsed = klineEventSchema.safeParse(event);
  if (!parsed.success) return rejected('not-a-candle', describeIssues(parsed.error), raw);
  if (!parsed.data.k.x) return { kind: 'forming' };
  const decoded = toCandle(candleOf(parsed.data, receivedMs), raw);
  return decoded.kind === 'rejected'
    ? decoded
    : { kind: 'closed', candle: decoded.candle, openMs: parsed.data.k.t, eventMs: parsed.data.E };
}

const epochMs = z.int().min(0).max(8_640_000_000_000_000);

const klineEventSchema = z
  .object({
    E: epochMs,
    s: z.string(),
    k: z.object({
      t: epochMs,
      T: epochMs,
      s: z.string(),
      i: z.literal('1m', 'expected interval 1m'),
      f: z.int(),
      L: z.int(),
      o: z.string(),
      c: z.string(),
      h: z.string(),
      l: z.string(),
      v: z.string(),
      n: z.int(),
      x: z.boolean(),
      q: z.string(),
      V: z.string(),
      Q: z.string(),
    }),
  })
  .refine((event) => event.s === event.k.s, { error: 'expected the same symbol in s and k.s' });

/** It goes into a log line. */
const MOST_ERROR_CHARS = 200;

/** Each form of a reply has one of these members; a failed parse costs more than the candle's own. */
function mayBeReply(value: unknown): boolean {
  return isRecord(value) && ('id' in value || 'error' in value);
}

const replySchema = z.union([
  z.object({
    result: z.unknown(),
    id: z.union([z.int(), z.string(), z.null()]),
    error: z.undefined().optional(),
  }),
  z.object({
    error: z.object({ code: z.number(), msg: z.string() }),
    id: z.union([z.int(), z.string(), z.null()]).optional().default(null),
  }),
]);

function candleOf({ E, k }: KlineEvent, receivedMs: number): Candle {
  return {
    schemaVersion: 1,
    exchange: 'binance',
    symbol: k.s,
    interval: k.i,
    openTime: toInstant(k.t),
    closeTime: toInstant(k.T),
    open: k.o,
    high: k.h,
    low: k.l,
    close: k.c,
    baseVolume: k.v,
    quoteVolume: k.q,
    takerBuyBaseVolume: k.V,
    takerBuyQuoteVolume: k.Q,
    trades: k.n,
    firstTradeId: k.f,
    lastTradeId: k.L,
    source: 'websocket',
    eventTime: toInstant(E),
    receivedTime: toInstant(receivedMs),
  };
}

/** A combined frame wraps its event in `data`, with the stream's name beside it. */
function unwrap(value: unknown): unknown {
  return isRecord(value) && typeof value['stream'] === 'string' && 'data' in value ? value['data'] : value;
}

function eventName(value: unknown): unknown {
  return isRecord(value) ? value['e'] : undefined;
}

/** Not String(): JSON can hold objects that have no text, and lists too deep for it. */
function shown(name: unknown): string {
  return typeof name === 'string'
    ? name.slice(0, 64)
    : `an event whose name is ${name === undefined ? 'absent' : 'no text'}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
