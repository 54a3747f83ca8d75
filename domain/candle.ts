import * as z from 'zod';
import { DECIMAL_PATTERN, isAtMost } from './decimal.ts';

/** Length of the only interval this pipeline carries. */
export const MINUTE_MS = 60_000;

/** Letters and digits of any script, as the exchange lists a few that are not Latin. */
export const SYMBOL_PATTERN = /^[\p{L}\p{N}_-]{1,64}$/u;

// `abort`: the rules between fields are only for values that are decimals and times at all.
const decimal = z.string().regex(DECIMAL_PATTERN, { error: 'expected a plain decimal string', abort: true });
const instant = z.iso.datetime({
  precision: 3,
  error: 'expected an ISO-8601 UTC time with milliseconds',
  abort: true,
});
const tradeId = z.int().min(-1);

/**
 * A closed 1-minute candle, as it travels through Kafka. Prices and volumes are the exchange's own decimal
 * strings; times are ISO-8601 UTC with milliseconds.
 */
export const candleSchema = z
  .object({
    schemaVersion: z.literal(1),
    exchange: z.literal('binance'),
    symbol: z.string().regex(SYMBOL_PATTERN, 'expected 1 to 64 letters, digits, _ or -'),
    interval: z.literal('1m'),
    openTime: instant,
    /** Last millisecond of the minute: open time + 59,999 ms. */
    closeTime: instant,
    open: decimal,
    high: decimal,
    low: decimal,
    close: decimal,
    baseVolume: decimal,
    quoteVolume: decimal,
    /** Bought by the taker side. */
    takerBuyBaseVolume: decimal,
    takerBuyQuoteVolume: decimal,
    /** 0 in a minute without trades, which is a valid candle. */
    trades: z.int().min(0),
    /** -1 in a minute without trades; absent unless the source is the WebSocket. */
    firstTradeId: tradeId.optional(),
    lastTradeId: tradeId.optional(),
    source: z.enum(['websocket', 'rest', 'archive']),
    /** The exchange's clock when it sent the candle; absent unless the source is the WebSocket. */
    eventTime: instant.optional(),
    /** The local clock when the candle's bytes arrived. */
    receivedTime: instant,
    /** The local clock when the candle was handed to Kafka; absent before that. */
    publishedTime: instant.optional(),
  })
  .superRefine((candle, context) => {
    for (const reason of brokenRules(candle)) context.addIssue({ code: 'custom', message: reason });
  })
  .readonly();

export type Candle = z.infer<typeof candleSchema>;

/** The bytes could not be turned into a candle: why, and the bytes themselves. */
export interface Rejected {
  readonly kind: 'rejected';
  /** From a small known set, fit for a metric label. */
  readonly reason: RejectReason;
  /** What exactly was expected and got, for people. */
  readonly detail: string;
  readonly raw: Uint8Array;
}

export const REJECT_REASONS = [
  'not-json',
  'not-a-candle',
  'broken-rule',
  'unknown-event',
  'not-a-symbol',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export type Decoded = { readonly kind: 'candle'; readonly candle: Candle } | Rejected;

/** What makes two candles the same one: everything downstream is idempotent by it. */
export function identityOf(candle: Pick<Candle, 'exchange' | 'symbol' | 'interval' | 'openTime'>): string {
  return `${candle.exchange}/${candle.symbol}/${candle.interval}/${candle.openTime}`;
}

/** Kafka key: one symbol stays in one partition, and so in order. */
export function keyOf(candle: Pick<Candle, 'symbol'>): string {
  return candle.symbol;
}

export function encodeCandle(candle: Candle): string {
  return JSON.stringify(candle);
}

/** Reads a Kafka message's value; never throws. */
export function decodeCandle(raw: Uint8Array): Decoded {
  const json = parseJson(raw);
  return json.kind === 'rejected' ? json : toCandle(json.value, raw);
}

/** Checks an object that has the candle's shape against the schema and its rules; never throws. */
export function toCandle(fields: unknown, raw: Uint8Array): Decoded {
  const parsed = candleSchema.safeParse(fields);
  if (parsed.success) return { kind: 'candle', candle: parsed.data };
  const reason = parsed.error.issues.every((issue) => issue.code === 'custom')
    ? 'broken-rule'
    : 'not-a-candle';
  return rejected(reason, describeIssues(parsed.error), raw);
}

export function rejected(reason: RejectReason, detail: string, raw: Uint8Array): Rejected {
  return { kind: 'rejected', reason, detail: detail.slice(0, MOST_DETAIL_CHARS), raw };
}

/** It becomes a header of the dead letter and part of a log line. */
const MOST_DETAIL_CHARS = 500;

/** One line of a zod error: `path: what was expected`, joined by semicolons. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
    .join('; ');
}

export function parseJson(raw: Uint8Array): { readonly kind: 'json'; readonly value: unknown } | Rejected {
  try {
    return { kind: 'json', value: JSON.parse(utf8.decode(raw)) };
  } catch (error) {
    return rejected('not-json', error instanceof Error ? error.message : String(error), raw);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

type Shape = {
  readonly [
    K in
      | 'open'
      | 'high'
      | 'low'
      | 'close'
      | 'baseVolume'
      | 'quoteVolume'
      | 'takerBuyBaseVolume'
      | 'takerBuyQuoteVolume'
      | 'openTime'
      | 'closeTime'
  ]: string;
};

/** Each of these fields is at most the one beside it. */
const ORDER = [
  ['low', 'open'],
  ['low', 'close'],
  ['open', 'high'],
  ['close', 'high'],
  ['takerBuyBaseVolume', 'baseVolume'],
  ['takerBuyQuoteVolume', 'quoteVolume'],
] as const;

/** Of a candle whose fields are decimals: whether their order is right as well. Written out, as asking the table takes four times as long. */
export function isInOrder(candle: Shape): boolean {
  return (
    isAtMost(candle.low, candle.open) &&
    isAtMost(candle.low, candle.close) &&
    isAtMost(candle.open, candle.high) &&
    isAtMost(candle.close, candle.high) &&
    isAtMost(candle.takerBuyBaseVolume, candle.baseVolume) &&
    isAtMost(candle.takerBuyQuoteVolume, candle.quoteVolume)
  );
}

/** Whether a candle's times are those of one minute; ms since 1970. */
export function isMinute(openMs: number, closeMs: number): boolean {
  return openMs % MINUTE_MS === 0 && closeMs === openMs + MINUTE_MS - 1;
}

function* brokenRules(candle: Shape): Generator<string> {
  for (const [a, b] of ORDER) {
    if (!isAtMost(candle[a], candle[b])) yield `expected ${a} <= ${b}, got ${candle[a]} > ${candle[b]}`;
  }
  const openMs = Date.parse(candle.openTime);
  if (openMs % MINUTE_MS !== 0) yield `expected openTime on a full minute, got ${candle.openTime}`;
  if (Date.parse(candle.closeTime) !== openMs + MINUTE_MS - 1) {
    yield `expected closeTime = openTime + 59,999 ms, got ${candle.openTime} to ${candle.closeTime}`;
  }
}
