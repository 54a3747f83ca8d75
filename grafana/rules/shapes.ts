/** The shapes of alerts, as PromQL without a result while all is well. Ranges are PromQL's own: `5m`. */

interface By {
  /** Labels that tell apart what is alerted of. @default none: all is one */
  readonly by?: readonly string[];
}

interface Happened extends By {
  readonly within: string;
  /** @default 0 */
  readonly over?: number;
  /** Whether two that overlap each count their own, or the same. @default each */
  readonly counted?: 'each' | 'once';
}

/**
 * The event happened more than `over` times within the range. Resets are no events. A series that is born with its first
 * event hides that one: counters start at 0.
 */
export function happened(counter: string, { within, over = 0, by, counted = 'each' }: Happened): string {
  return `${aggregate(counted === 'each' ? 'sum' : 'max', by)} (increase(${counter}[${within}])) > ${over}`;
}

/** No series of the selector had a sample within the range. */
export function absentFor(selector: string, within: string): string {
  return `absent_over_time(${selector}[${within}])`;
}

/** The best of those that measure it is above: of two exporters that overlap the new one may know better. */
export function above(gauge: string, threshold: number | string, { by }: By = {}): string {
  return `${aggregate('min', by)} (${gauge}) > ${threshold}`;
}

/** It is above the threshold, and higher than the range's time before: the highest, as those that measure it see the same. */
export function growing(
  gauge: string,
  { above: threshold, within, by }: By & { readonly above: number | string; readonly within: string },
): string {
  const level = (of: string) => `${aggregate('max', by)} (${of})`;
  return `${level(gauge)} > ${threshold} and ${level(gauge)} > ${level(`${gauge} offset ${within}`)}`;
}

/**
 * It was heard of within the last `known`, and is older than `olderThan` seconds: for what is written as a time since
 * 1970. What was never heard of is not stale but not there yet, and what has left is forgotten after `known`.
 */
export function stale(
  timestamp: string,
  { olderThan, known, by }: By & { readonly olderThan: number | string; readonly known: string },
): string {
  return `time() - ${aggregate('max', by)} (last_over_time(${timestamp}[${known}])) > ${olderThan}`;
}

function aggregate(operator: 'sum' | 'min' | 'max', by: readonly string[] = []): string {
  return by.length === 0 ? operator : `${operator} by (${by.join(', ')})`;
}
