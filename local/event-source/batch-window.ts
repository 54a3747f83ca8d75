import { partitionIdOf } from './build-event.ts';
import type { PartitionRecords } from './build-event.ts';
import type { Invocation } from './invoke.ts';

/** What came of the records that a partition offered, counted from the first of them. */
export interface OfferOutcome {
  /** Records that need not be delivered again. */
  readonly done: number;
  /** Whether the next one failed; otherwise there was just no room for it. */
  readonly failed: boolean;
}

export interface BatchWindowOptions {
  /** Records in one event, over all partitions. */
  readonly batchSize: number;
  /** How long an event waits for more records. */
  readonly windowMs: number;
  readonly invoke: (parts: readonly PartitionRecords[]) => Promise<Invocation>;
}

/**
 * Gathers what the partitions offer into events, one invocation at a time. Every partition of an event gets a fair
 * share of its room; what finds none waits for the next one. Offers hold at least one record; a partition's
 * new one, which comes after a rebalance, replaces the one that still waits.
 */
export function createBatchWindow({ batchSize, windowMs, invoke }: BatchWindowOptions) {
  // One offer a partition, so the number of partitions bounds it.
  let waiting: Offer[] = [];
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    if (busy || waiting.length === 0) return;
    busy = true;
    const offers = waiting.slice(0, batchSize);
    waiting = waiting.slice(batchSize);
    const parts = shareRoom(offers, batchSize);
    try {
      const invocation = await invoke(parts);
      for (const [index, part] of parts.entries()) offers[index]?.resolve(outcomeFor(part, invocation));
    } catch (error) {
      for (const offer of offers) offer.reject(error);
    } finally {
      busy = false;
    }
    schedule();
  };

  const schedule = () => {
    const records = waiting.reduce((sum, offer) => sum + offer.records.messages.length, 0);
    if (records >= batchSize) void flush();
    else if (records > 0) timer ??= setTimeout(() => void flush(), windowMs);
  };

  return {
    offer: (records: PartitionRecords): Promise<OfferOutcome> =>
      new Promise((resolve, reject) => {
        const superseded = waiting.find((offer) => partitionIdOf(offer.records) === partitionIdOf(records));
        if (superseded) {
          waiting = waiting.filter((offer) => offer !== superseded);
          superseded.resolve({ done: 0, failed: true });
        }
        waiting.push({ records, resolve, reject });
        schedule();
      }),
  };
}

interface Offer {
  readonly records: PartitionRecords;
  readonly resolve: (outcome: OfferOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** The smallest offers first, so that what they leave is there for the others. */
function shareRoom(offers: readonly Offer[], batchSize: number): readonly PartitionRecords[] {
  const sizes = new Map<Offer, number>();
  let room = batchSize;
  const smallestFirst = offers.toSorted((a, b) => a.records.messages.length - b.records.messages.length);
  for (const [index, offer] of smallestFirst.entries()) {
    const size = Math.min(offer.records.messages.length, Math.floor(room / (offers.length - index)));
    sizes.set(offer, size);
    room -= size;
  }
  return offers.map((offer) => ({
    ...offer.records,
    messages: offer.records.messages.slice(0, sizes.get(offer)),
  }));
}

function outcomeFor(part: PartitionRecords, invocation: Invocation): OfferOutcome {
  if (invocation.kind !== 'answered') return { done: 0, failed: true };
  const failedOffset = invocation.failures.get(partitionIdOf(part));
  if (failedOffset === undefined) return { done: part.messages.length, failed: false };
  return { done: part.messages.findIndex(({ offset }) => Number(offset) === failedOffset), failed: true };
}
