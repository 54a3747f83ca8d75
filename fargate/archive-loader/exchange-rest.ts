import * as z from 'zod';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Candle } from '#domain/candle.ts';
import { fromKlineRow } from '#domain/kline-row.ts';
import { refused } from './outcome.ts';
import type { Span } from './piece.ts';
import type { Answer, RestGet } from './rest-get.ts';

/** The exchange's REST API, as far as history needs it. */
export interface ExchangeRest {
  /** The exchange's clock, in ms since 1970. */
  now(signal: AbortSignal): Promise<Answer<number>>;
  /** Open time in ms of the first minute it has of a symbol; undefined while it has none. Refused where it knows no such symbol. */
  firstMinute(symbol: string, signal: AbortSignal): Promise<Answer<number | undefined>>;
  /** The candles of a span that is over, oldest first. */
  candles(symbol: string, span: Span, signal: AbortSignal): Promise<Answer<readonly Candle[]>>;
  symbols(signal: AbortSignal): Promise<Answer<readonly ExchangeSymbol[]>>;
}

interface ExchangeSymbol {
  readonly symbol: string;
  /** TRADING, or HALT, BREAK, END_OF_DAY, CANCEL_ONLY. */
  readonly status: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
}

/** Rows that one request returns at most. */
const PAGE_MINUTES = 1000;

export function createExchangeRest(get: RestGet): ExchangeRest {
  return {
    async now(signal) {
      const answer = await get('/api/v3/time', timeSchema, signal);
      return answer.kind === 'ok' ? { kind: 'ok', value: answer.value.serverTime } : answer;
    },
    async firstMinute(symbol, signal) {
      const query = new URLSearchParams({ symbol, interval: '1m', startTime: '0', limit: '1' });
      const answer = await get(`/api/v3/klines?${query.toString()}`, openTimesSchema, signal);
      return answer.kind === 'ok' ? { kind: 'ok', value: answer.value[0]?.[0] } : answer;
    },
    async candles(symbol, span, signal) {
      const candles: Candle[] = [];
      for (let { firstMs } = span; firstMs <= span.lastMs; firstMs += PAGE_MINUTES * MINUTE_MS) {
        const lastMs = Math.min(span.lastMs, firstMs + (PAGE_MINUTES - 1) * MINUTE_MS);
        const page = await onePage(get, symbol, { firstMs, lastMs }, signal);
        if (page.kind !== 'ok') return page;
        candles.push(...page.value);
      }
      return { kind: 'ok', value: candles };
    },
    async symbols(signal) {
      const answer = await get('/api/v3/exchangeInfo?showPermissionSets=false', infoSchema, signal);
      return answer.kind === 'ok' ? { kind: 'ok', value: answer.value.symbols } : answer;
    },
  };
}

async function onePage(
  get: RestGet,
  symbol: string,
  { firstMs, lastMs }: Span,
  signal: AbortSignal,
): Promise<Answer<readonly Candle[]>> {
  const query = new URLSearchParams({
    symbol,
    interval: '1m',
    startTime: String(firstMs),
    endTime: String(lastMs),
    limit: String(PAGE_MINUTES),
  });
  const answer = await get(`/api/v3/klines?${query.toString()}`, z.array(z.unknown()), signal);
  if (answer.kind !== 'ok') return answer;
  const candles: Candle[] = [];
  for (const row of answer.value) {
    const decoded = fromKlineRow(row, symbol, 0);
    if (decoded.kind === 'rejected') {
      return refused(`REST answered a row that is no candle: ${decoded.detail} in ${JSON.stringify(row)}`);
    }
    const openMs = Date.parse(decoded.candle.openTime);
    if (openMs < firstMs || openMs > lastMs) {
      return refused(
        `expected REST to answer minutes of the range asked for, got ${decoded.candle.openTime}`,
      );
    }
    candles.push(decoded.candle);
  }
  return { kind: 'ok', value: candles };
}

const epochMs = z.int().min(0).max(8_640_000_000_000_000);
const timeSchema = z.object({ serverTime: epochMs });
const openTimesSchema = z.array(z.tuple([epochMs], z.unknown()));
/** It becomes part of a statement, which ends at a zero byte. */
const word = z.string().regex(/^[^\p{Cc}]{0,64}$/u);
const infoSchema = z.object({
  symbols: z.array(z.object({ symbol: z.string(), status: word, baseAsset: word, quoteAsset: word })),
});
