import { setTimeout as delay } from 'node:timers/promises';

/** Binance's limit per minute and address. */
const WEIGHT_LIMIT = 6000;

/** The rest is for whoever else uses this address, and for counting that lags behind. */
const USABLE_SHARE = 0.8;

const WINDOW_MS = 60_000;

/** Keeps REST requests within the exchange's weight limit, by its own count where it tells us. */
export class RequestWeight {
  readonly #usable: number;
  readonly #now: () => number;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  #used = 0;
  #windowStartMs = -Infinity;
  #blockedUntilMs = -Infinity;

  constructor(
    limit: number = WEIGHT_LIMIT,
    now: () => number = () => performance.now(),
    sleep: (ms: number, signal: AbortSignal) => Promise<void> = async (ms, signal) =>
      delay(ms, undefined, { signal }),
  ) {
    this.#usable = limit * USABLE_SHARE;
    this.#now = now;
    this.#sleep = sleep;
  }

  /** Weight used in the current window, as last reported by the exchange plus what was sent since. */
  get used(): number {
    return this.#now() >= this.#windowStartMs + WINDOW_MS ? 0 : this.#used;
  }

  /** Waits until a request of this weight may be sent, and books it. Rejects when aborted. */
  async acquire(weight: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const waitMs = this.#waitMs(weight);
      if (waitMs <= 0) break;
      await this.#sleep(waitMs, signal);
    }
    this.#used += weight;
  }

  /** The exchange's own count for this minute, from `X-MBX-USED-WEIGHT-1M`. */
  reported(used: number): void {
    // A lower count than ours means its minute has turned over.
    if (used < this.#used) this.#windowStartMs = this.#now();
    this.#used = used;
  }

  /** The exchange asked for silence: nothing is sent before it is over. */
  block(forMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, this.#now() + forMs);
  }

  #waitMs(weight: number): number {
    const now = this.#now();
    if (now >= this.#windowStartMs + WINDOW_MS) {
      this.#windowStartMs = now;
      this.#used = 0;
    }
    const untilRoom =
      this.#used + weight > this.#usable && this.#used > 0 ? this.#windowStartMs + WINDOW_MS - now : 0;
    return Math.max(untilRoom, this.#blockedUntilMs - now);
  }
}
