import { channel } from 'node:diagnostics_channel';
import type { RefusalReason } from '#remote-write/classify-refusal.ts';
import type { RequestCounts } from '#remote-write/deliver.ts';
import type { PoisonReason } from './decode-records.ts';
import type { DroppedRange } from './drop-unacceptable.ts';
import type { FailedPosition } from './first-failures.ts';

export type CountByReason<R extends string> = Readonly<Partial<Record<R, number>>>;

/** What one invocation did, in numbers. */
export interface ConsumeReport {
  readonly records: number;
  readonly candles: number;
  /** Records that are no candles, kept aside. */
  readonly poison: CountByReason<PoisonReason>;
  readonly dropped: readonly DroppedRange[];
  /** Samples. */
  readonly stored: number;
  readonly duplicates: number;
  readonly refused: CountByReason<RefusalReason>;
  readonly latencyReplays: number;
  /** Samples handed back with their records. */
  readonly unsent: number;
  readonly requests: RequestCounts;
  /** Why samples are unsent. */
  readonly gaveUp: string | undefined;
  /** Documents. */
  readonly keptAside: number;
  readonly notKeptAside: number;
  readonly keepAsideError: string | undefined;
  readonly handedBack: readonly FailedPosition[];
}

export function countByReason<R extends string>(items: readonly { readonly reason: R }[]): CountByReason<R> {
  const counts: Partial<Record<R, number>> = {};
  for (const { reason } of items) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Tells whoever runs the handler in this process; nobody does on AWS, where the numbers go out as EMF. */
export function publishReport(report: ConsumeReport): void {
  reports.publish(report);
}

/** Calls `listener` after each invocation of the handler in this process, until the returned function is called. */
export function subscribeToReports(listener: (report: ConsumeReport) => void): () => void {
  const onMessage = (message: unknown) => listener(message as ConsumeReport); // only publishReport publishes here
  reports.subscribe(onMessage);
  return () => reports.unsubscribe(onMessage);
}

const reports = channel('prometheus-consumer:report');
