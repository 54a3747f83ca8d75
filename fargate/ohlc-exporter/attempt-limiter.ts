/** Binance: 300 connection attempts per 5 minutes per IP address. */
const ATTEMPT_LIMIT = 300;
const ATTEMPT_WINDOW_MS = 300_000;

/** Counts attempts in a sliding window, shared by everything that connects from this address. */
export class AttemptLimiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  #attempts: number[] = [];

  constructor(
    limit = ATTEMPT_LIMIT,
    windowMs = ATTEMPT_WINDOW_MS,
    now: () => number = () => performance.now(),
  ) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Books one attempt and returns how long to wait before making it; 0 while the window has room. */
  reserve(): number {
    const now = this.#now();
    this.#attempts = this.#attempts.filter((at) => at > now - this.#windowMs);
    const blocking = this.#attempts.at(-this.#limit);
    const at = blocking === undefined ? now : blocking + this.#windowMs;
    this.#attempts.push(at);
    return at - now;
  }
}
