import type { DeliveredRecord } from './msk-event.ts';

export interface FailedPosition {
  readonly partition: string;
  readonly offset: number;
}

/** The lowest failed offset of each partition: Lambda delivers that record and all behind it again. */
export function firstFailures(
  failed: readonly Pick<DeliveredRecord, 'partitionId' | 'offset'>[],
): readonly FailedPosition[] {
  const lowest = new Map<string, number>();
  for (const { partitionId, offset } of failed) {
    lowest.set(partitionId, Math.min(offset, lowest.get(partitionId) ?? offset));
  }
  return [...lowest].map(([partition, offset]) => ({ partition, offset }));
}
