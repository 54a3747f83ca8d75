export interface BackoffOptions {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Pause before attempt `attempt` (0 is the first repeat): doubling up to a cap, then spread over its upper
 * half, so that many clients do not come back in step and none comes back at once.
 */
export function backoffMs(
  attempt: number,
  options: BackoffOptions,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}
