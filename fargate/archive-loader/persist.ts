import { setTimeout as delay } from 'node:timers/promises';

/** One attempt's result that asks for another, after at least that pause. */
export interface TryAgain {
  readonly kind: 'try-again';
  readonly reason: string;
  /** What the other side asked for; 0 where it asked for nothing. */
  readonly afterMs: number;
}

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

const PAUSE_BASE_MS = 500;
const PAUSE_CAP_MS = 20_000;

/** About a minute of trying; what is away for longer is for the next run. */
const ATTEMPTS = 6;

/**
 * Calls until the result is another than `try-again`, or gives the last one back. Pauses double up to a cap and are
 * spread over their upper half. Rejects when aborted.
 */
export async function persist<T extends { readonly kind: string }>(
  attempt: () => Promise<T | TryAgain>,
  signal: AbortSignal,
  sleep: Sleep = pause,
  random: () => number = Math.random,
): Promise<T | TryAgain> {
  for (let tried = 1; ; tried++) {
    const result = await attempt();
    if (!isTryAgain(result) || tried === ATTEMPTS) return result;
    const ceiling = Math.min(PAUSE_CAP_MS, PAUSE_BASE_MS * 2 ** tried);
    await sleep(Math.max(result.afterMs, ceiling / 2 + (random() * ceiling) / 2), signal);
  }
}

export const pause: Sleep = (ms, signal) => delay(ms, undefined, { signal });

function isTryAgain(result: { readonly kind: string }): result is TryAgain {
  return result.kind === 'try-again';
}
