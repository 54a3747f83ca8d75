import type { Figure } from './definition.ts';
import type { CheckedGoal } from './goals.ts';
import type { Machine } from './machine.ts';
import type { Run } from './run-once.ts';

/** docs/benchmarks/<name>.json */
export interface BenchResult {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly notes: readonly string[];
  readonly figures?: readonly Figure[];
  readonly machine: Machine;
  /** Of a size that says nothing. */
  readonly quick: boolean;
  readonly runs: number;
  readonly cases: readonly CaseResult[];
  readonly goals: readonly CheckedGoal[];
}

export interface CaseResult {
  readonly name: string;
  readonly amount: number;
  readonly contestants: readonly ContestantResult[];
}

export interface ContestantResult {
  readonly name: string;
  readonly limit: boolean;
  readonly version?: string;
  readonly medians: Readonly<Record<string, number>>;
  readonly runs: readonly Run[];
}

export function summarise(
  name: string,
  limit: boolean,
  amount: number,
  runs: readonly Run[],
): ContestantResult {
  const all = runs.map((run) => ({
    ...run.figures,
    perCpuSecond: amount / run.cpuSeconds,
    perSecond: amount / run.wallSeconds,
    cpuSeconds: run.cpuSeconds,
    wallSeconds: run.wallSeconds,
    peakMiB: run.peakMiB,
    earlyMiB: run.earlyMiB ?? Number.NaN,
    lateMiB: run.lateMiB ?? Number.NaN,
    memoryGrowth: (run.lateMiB ?? Number.NaN) / (run.earlyMiB ?? Number.NaN),
  }));
  const keys = Object.keys(all[0] ?? {});
  const medians = keys.map((key) => [
    key,
    median(all.map((figures: Readonly<Record<string, number>>) => figures[key] ?? Number.NaN)),
  ]);
  const version = runs[0]?.version;
  return {
    name,
    limit,
    ...(version !== undefined && { version }),
    medians: Object.fromEntries(medians),
    runs,
  };
}

/** The middle one, or halfway between the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('expected values to take the median of, got none');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
