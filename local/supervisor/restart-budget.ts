/** How often a part may be restarted before the whole run gives up. */
export interface RestartLimit {
  readonly restarts: number;
  readonly windowMs: number;
  readonly firstDelayMs: number;
}

export const RESTART_LIMIT: RestartLimit = { restarts: 5, windowMs: 10 * 60_000, firstDelayMs: 1000 };

/** Says how long to wait before the next restart, twice as long each time; undefined when there were too many. */
export function restartBudget({ restarts, windowMs, firstDelayMs }: RestartLimit) {
  let past: readonly number[] = [];
  return (nowMs: number): number | undefined => {
    past = past.filter((time) => nowMs - time < windowMs);
    if (past.length >= restarts) return undefined;
    past = [...past, nowMs];
    return firstDelayMs * 2 ** (past.length - 1);
  };
}
