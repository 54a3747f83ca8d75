import { decodeCandle, REJECT_REASONS } from '#domain/candle.ts';
import type { Candle } from '#domain/candle.ts';
import type { DeliveredRecord } from './msk-event.ts';

/** From a small known set, fit for a metric's dimension. */
export const POISON_REASONS = ['no-value', 'bad-base64', ...REJECT_REASONS] as const;
export type PoisonReason = (typeof POISON_REASONS)[number];

export interface ReceivedCandle {
  readonly candle: Candle;
  readonly record: DeliveredRecord;
  readonly closeMs: number;
}

/** A record that will never become a candle, however often it is delivered. */
export interface PoisonRecord {
  readonly record: DeliveredRecord;
  readonly reason: PoisonReason;
  readonly detail: string;
}

/** Never throws: what can't be read comes back with its reason, its neighbours as candles. */
export function decodeRecords(records: readonly DeliveredRecord[]): {
  readonly candles: readonly ReceivedCandle[];
  readonly poison: readonly PoisonRecord[];
} {
  const candles: ReceivedCandle[] = [];
  const poison: PoisonRecord[] = [];
  for (const record of records) {
    if (record.value === undefined) {
      poison.push({ record, reason: 'no-value', detail: 'expected a candle as JSON, got no value' });
      continue;
    }
    if (!BASE64.test(record.value)) {
      poison.push({ record, reason: 'bad-base64', detail: 'expected a value in base64' });
      continue;
    }
    const decoded = decodeCandle(Buffer.from(record.value, 'base64'));
    if (decoded.kind === 'candle') {
      candles.push({ candle: decoded.candle, record, closeMs: Date.parse(decoded.candle.closeTime) });
    } else {
      poison.push({ record, reason: decoded.reason, detail: decoded.detail });
    }
  }
  return { candles, poison };
}

/** Node's decoder skips what is not base64, which would turn damage into other bytes. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
