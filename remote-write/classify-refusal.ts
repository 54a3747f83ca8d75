/**
 * Why a receiver refused one sample that was sent alone.
 *
 * - duplicate: it holds the very same sample.
 * - conflict: it holds another value for that time, and keeps it.
 * - too-old: outside the window in which it takes samples.
 * - out-of-order: older than its newest one, by a receiver without such a window; may be a replay that it holds.
 */
export const REFUSAL_REASONS = ['duplicate', 'conflict', 'too-old', 'out-of-order', 'other'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** From the receiver's text, which is all that remote write gives: Prometheus 2 and 3, Cortex and Mimir. */
export function classifyRefusal(body: string): RefusalReason {
  if (/duplicate sample|duplicate[- ]timestamp|new value for duplicate/i.test(body)) {
    const values = /existing ([^,\s]+), new value ([^,\s]+)/i.exec(body);
    return values && Object.is(Number(values[1]), Number(values[2])) ? 'duplicate' : 'conflict';
  }
  if (/too[- ]old|out of bounds/i.test(body)) return 'too-old';
  return /out[- ]of[- ]order/i.test(body) ? 'out-of-order' : 'other';
}
