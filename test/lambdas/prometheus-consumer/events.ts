import { encodeCandle, MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import type { Candle } from '#domain/candle.ts';
import type { ReceivedCandle } from '#lambdas/prometheus-consumer/decode-records.ts';
import type { DeliveredRecord } from '#lambdas/prometheus-consumer/msk-event.ts';
import { candleAt } from '#test/candles.ts';

/** A full minute long ago, for tests with a clock of their own. */
export const OPEN_MS = Date.UTC(2026, 0, 2, 3, 4);

/** When that minute's candle closes: the timestamp of its samples. */
export const CLOSE_MS = OPEN_MS + MINUTE_MS - 1;

/** The start of a minute that has ended, by the real clock. */
export function endedMinute(minutesBack = 1): number {
  return (Math.floor(Date.now() / MINUTE_MS) - minutesBack) * MINUTE_MS;
}

/** A candle as the exporter publishes it. */
export function publishedCandle(openMs = OPEN_MS, symbol = 'BTCUSDT', change: Partial<Candle> = {}): Candle {
  return candleAt(openMs, symbol, { publishedTime: toInstant(openMs + MINUTE_MS + 50), ...change });
}

/** The same candle as REST gives it, without the exchange's time of sending. */
export function backfilled(candle: Candle): Candle {
  const { eventTime: _, ...fields } = candle;
  return { ...fields, source: 'rest' };
}

export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  readonly key?: string;
  readonly value?: string;
  readonly headers: readonly unknown[];
}

export function recordOf(candle: Candle, offset: number, partition = 0): RawRecord {
  return rawRecord(Buffer.from(encodeCandle(candle)).toString('base64'), offset, partition);
}

/** A record with any text where the base64 should be. */
export function rawRecord(value: string, offset: number, partition = 0): RawRecord {
  return {
    topic: 'candles-1m',
    partition,
    offset,
    timestamp: OPEN_MS + offset,
    timestampType: 'CREATE_TIME',
    key: Buffer.from('BTCUSDT').toString('base64'),
    value,
    headers: [],
  };
}

/** The event that Lambda delivers for these records. */
export function eventOf(...records: readonly RawRecord[]) {
  return {
    eventSource: 'aws:kafka',
    eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/c/00000000-0000-0000-0000-000000000000-1',
    bootstrapServers: 'b-1.c.kafka.eu-west-1.amazonaws.com:9098',
    records: Object.fromEntries(
      Map.groupBy(records, ({ topic, partition }) => `${topic}-${partition}`).entries(),
    ),
  };
}

/** The origin of a sample, where nothing but its position matters. */
function originAt(offset: number, partition = 0): DeliveredRecord {
  const { topic, timestamp, ...delivered } = rawRecord('', offset, partition);
  return { partitionId: `${topic}-${partition}`, topic, partition, offset, timestamp, value: '', delivered };
}

export function received(candle: Candle, offset = 0, partition = 0): ReceivedCandle {
  return { candle, record: originAt(offset, partition), closeMs: Date.parse(candle.closeTime) };
}
