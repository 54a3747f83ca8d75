import type { Candle } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { loadRecording } from '#local/exchange/recording.ts';
import type { Recording } from '#local/exchange/recording.ts';
import { timestamp } from './land.ts';
import type { LandedFile, LandedRecord } from './land.ts';

/** What landed of a candle, by the stream or by a file: the same candle may come more than once, and differ. */
export interface Landing {
  readonly candle: Candle;
  readonly landedMs: number;
  readonly via: 'stream' | 'file';
}

export interface Landed {
  readonly records: readonly LandedRecord[];
  readonly files: readonly LandedFile[];
}

const RECORDINGS = { BTCUSDT: loadRecording('BTCUSDT'), ETHUSDT: loadRecording('ETHUSDT') } as const;
type Recorded = keyof typeof RECORDINGS;

/** Open time of the recording's first minute: 04:22, in the middle of every bucket. */
export const START_MS = RECORDINGS.BTCUSDT.startMinute * MINUTE_MS;

/** Open time of a minute of the recording, or of the bucket of so many minutes that it lies in. */
export function at(minute: number, bucketMinutes = 1): string {
  const lengthMs = bucketMinutes * MINUTE_MS;
  return timestamp(Math.floor((START_MS + minute * MINUTE_MS) / lengthMs) * lengthMs);
}

/** A recorded minute as the exporter publishes it, half a second after its close unless changed. */
export function recorded(symbol: Recorded, minute: number, change: Partial<Candle> = {}): Candle {
  return candleOf(symbol, RECORDINGS[symbol], minute, minute, change);
}

/** A recorded minute moved to another day. */
export function recordedAt(symbol: Recorded, minute: number, openMs: number): Candle {
  return candleOf(symbol, RECORDINGS[symbol], minute, (openMs - START_MS) / MINUTE_MS, {});
}

function candleOf(
  symbol: string,
  { rows }: Recording,
  row: number,
  minute: number,
  change: Partial<Candle>,
): Candle {
  const values = rows[row];
  if (values === undefined) throw new Error(`expected a recorded minute, got ${row}`);
  const openMs = START_MS + minute * MINUTE_MS;
  return {
    schemaVersion: 1,
    exchange: 'binance',
    symbol,
    interval: '1m',
    openTime: toInstant(openMs),
    closeTime: toInstant(openMs + MINUTE_MS - 1),
    open: values.open,
    high: values.high,
    low: values.low,
    close: values.close,
    baseVolume: values.base,
    quoteVolume: values.quote,
    takerBuyBaseVolume: values.takerBase,
    takerBuyQuoteVolume: values.takerQuote,
    trades: values.trades,
    source: 'websocket',
    receivedTime: toInstant(openMs + MINUTE_MS + 400),
    publishedTime: toInstant(openMs + MINUTE_MS - 1 + 500),
    ...change,
  };
}

/** Counts offsets up as Kafka does, one topic partition a symbol. */
export function records(
  partition: number,
  firstOffset: number,
  candles: readonly unknown[],
  landedMs: number,
): readonly LandedRecord[] {
  return candles.map((content, index) => ({ partition, offset: firstOffset + index, content, landedMs }));
}

export function minutes(from: number, to: number, except: readonly number[] = []): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
    (minute) => !except.includes(minute),
  );
}

/** Which landing of each candle wins: what was asked for over what was sent, then what landed later. */
export function winners(landings: readonly Landing[]): readonly Candle[] {
  const best = new Map<string, Landing>();
  for (const landing of landings) {
    const { symbol, openTime } = landing.candle;
    const held = best.get(`${symbol} ${openTime}`);
    if (held === undefined || wins(landing, held)) best.set(`${symbol} ${openTime}`, landing);
  }
  return [...best.values()].map(({ candle }) => candle);
}

function wins(challenger: Landing, holder: Landing): boolean {
  const asked = ({ candle }: Landing) => candle.source !== 'websocket';
  if (asked(challenger) !== asked(holder)) return asked(challenger);
  return challenger.landedMs >= holder.landedMs;
}

export function landingsOf({ records: streamed, files }: Landed): readonly Landing[] {
  return [
    ...streamed.map(({ content, landedMs }) => ({
      candle: content as Candle, // what is no candle is landed apart
      landedMs,
      via: 'stream' as const,
    })),
    ...files.flatMap(({ candles, landedMs, granularity }) =>
      candles.map((candle) => ({
        candle: { ...candle, source: granularity === 'rest' ? ('rest' as const) : ('archive' as const) },
        landedMs,
        via: 'file' as const,
      })),
    ),
  ];
}
