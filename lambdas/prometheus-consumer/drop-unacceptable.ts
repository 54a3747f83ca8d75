import type { ReceivedCandle } from './decode-records.ts';

/**
 * Why a candle is not sent at all.
 *
 * - too-old: Amazon Managed Prometheus refuses samples over an hour old; the warehouse has these candles.
 * - future: a store that takes one of these refuses everything older afterwards.
 */
export const DROP_REASONS = ['too-old', 'future'] as const;
type DropReason = (typeof DROP_REASONS)[number];

/** Candles of one partition that were not sent: which offsets, since the records are found by them. */
export interface DroppedRange {
  readonly reason: DropReason;
  readonly partition: string;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly candles: number;
}

export function dropUnacceptable(
  candles: readonly ReceivedCandle[],
  nowMs: number,
): { readonly accepted: readonly ReceivedCandle[]; readonly dropped: readonly DroppedRange[] } {
  const accepted: ReceivedCandle[] = [];
  const ranges = new Map<string, DroppedRange>();
  for (const candle of candles) {
    const reason = dropReason(candle.closeMs, nowMs);
    if (reason === undefined) {
      accepted.push(candle);
      continue;
    }
    const { partitionId, offset } = candle.record;
    const range = ranges.get(`${reason}/${partitionId}`);
    ranges.set(`${reason}/${partitionId}`, {
      reason,
      partition: partitionId,
      firstOffset: Math.min(offset, range?.firstOffset ?? offset),
      lastOffset: Math.max(offset, range?.lastOffset ?? offset),
      candles: (range?.candles ?? 0) + 1,
    });
  }
  return { accepted, dropped: [...ranges.values()] };
}

/**
 * How long until candles that are ahead of this clock by a little are not: clocks differ by some milliseconds, and a
 * candle just closed must not be lost for that. Candles further ahead are not waited for.
 */
export function waitForCloseMs(candles: readonly ReceivedCandle[], nowMs: number): number {
  const aheadMs = candles
    .map(({ closeMs }) => closeMs - nowMs)
    .filter((ms) => ms > 0 && ms <= MAX_CLOCK_WAIT_MS);
  return aheadMs.reduce((most, ms) => Math.max(most, ms), 0);
}

const MAX_AGE_MS = 3_600_000;

/** Synchronised clocks differ by far less; a candle ahead by more is wrong, or the clock is. */
const MAX_CLOCK_WAIT_MS = 5_000;

function dropReason(closeMs: number, nowMs: number): DropReason | undefined {
  if (closeMs > nowMs) return 'future';
  return nowMs - closeMs > MAX_AGE_MS ? 'too-old' : undefined;
}
