import type { Random } from '#test/faults/fuzz/random.ts';

/** A fault as data: what, where, when and for how long; times are ms of the run. */
export interface PlannedFault<W> {
  readonly atMs: number;
  readonly forMs: number;
  readonly what: W;
}

export interface PlanOptions<W> {
  readonly count: number;
  /** All of them begin within this time. */
  readonly spanMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
  /** What can happen and where, each one as likely. */
  readonly menu: readonly [W, ...W[]];
}

/** Draws faults in the order of their time; the same numbers from `random` give the same plan. */
export function drawPlan<W>(random: Random, options: PlanOptions<W>): readonly PlannedFault<W>[] {
  const { count, spanMs, leastMs, mostMs, menu } = options;
  return Array.from({ length: count }, () => ({
    atMs: random.below(spanMs),
    forMs: leastMs + random.below(mostMs - leastMs + 1),
    what: random.pick(menu),
  })).toSorted((a, b) => a.atMs - b.atMs);
}

/**
 * Carries a plan out: `begin` starts a fault and returns how to end it. `waitMs` waits in the run's time. Faults may
 * overlap; all are over when it resolves.
 */
export async function carryOut<W>(
  plan: readonly PlannedFault<W>[],
  begin: (what: W) => Promise<() => Promise<void>>,
  waitMs: (ms: number) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    plan.map(async ({ atMs, forMs, what }) => {
      await waitMs(atMs);
      const end = await begin(what);
      await waitMs(forMs);
      await end();
    }),
  );
}
