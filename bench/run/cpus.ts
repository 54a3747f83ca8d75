import { availableParallelism } from 'node:os';

/** Where a pinned contestant runs: the last CPU, as the system's own work tends to the first. */
export function contestantCpu(): number {
  return availableParallelism() - 1;
}

/** Where servers run meanwhile; none where there is one CPU only. */
export function otherCpus(): readonly number[] {
  return Array.from({ length: availableParallelism() - 1 }, (_, cpu) => cpu);
}
