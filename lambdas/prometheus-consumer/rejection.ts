import type { RefusalReason } from '#remote-write/classify-refusal.ts';
import type { RefusedSample } from '#remote-write/deliver.ts';
import type { CandleSample } from './candle-samples.ts';
import type { PoisonReason, PoisonRecord } from './decode-records.ts';
import type { DeliveredRecord } from './msk-event.ts';

/** A document of the rejected store: one per record, the same name on every delivery. */
export interface Rejection {
  /** The partition's name in the event. */
  readonly partitionId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Kafka's time of the record, milliseconds. */
  readonly timestamp: number;
  readonly reason: PoisonReason | RefusalReason;
  readonly detail: string;
  /** The record as Lambda delivered it, its key and value in base64. */
  readonly record: unknown;
  /** The samples of a good record that the store refused. */
  readonly samples?: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly timestampMs: number;
    readonly value: string;
    readonly reason: RefusalReason;
    readonly detail: string;
  }[];
}

/** A sample that the store, or an earlier sample of the batch, left no room for. */
export type RefusedCandleSample = RefusedSample<CandleSample>;

export function rejectPoison({ record, reason, detail }: PoisonRecord): Rejection {
  return { ...positionOf(record), reason, detail, record: record.delivered };
}

/** One document per record, however many of its samples were refused. */
export function rejectSamples(refused: readonly RefusedCandleSample[]): readonly Rejection[] {
  return [...Map.groupBy(refused, ({ sample }) => sample.record)].map(([record, ofRecord]) => {
    const { reason, detail } = ofRecord[0] ?? { reason: 'other', detail: '' }; // a group is never empty
    return {
      ...positionOf(record),
      reason,
      detail,
      record: record.delivered,
      samples: ofRecord.map(({ sample, ...why }) => ({
        labels: sample.labels.byName,
        timestampMs: sample.timestampMs,
        value: sample.value,
        ...why,
      })),
    };
  });
}

/**
 * Where a document belongs, as a relative path. Kafka's time is in it because a topic that is made anew counts its
 * offsets from 0 again.
 */
export function rejectionPath({ topic, partition, offset, timestamp }: Rejection): string {
  return `${topic}/${partition}/${String(offset).padStart(20, '0')}-${timestamp}.json`;
}

function positionOf({ partitionId, topic, partition, offset, timestamp }: DeliveredRecord) {
  return { partitionId, topic, partition, offset, timestamp };
}
