/**
 * The exchange's time, which is what decides whether a minute has closed: the local clock may be minutes off.
 * It is the local clock plus the offset last measured over REST, and never behind the newest candle's own time.
 */
export class ExchangeClock {
  readonly #now: () => number;
  #offsetMs = 0;
  #newestSeenMs = 0;

  /** `now` is the local clock in ms since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  nowMs(): number {
    return Math.max(this.#now() + this.#offsetMs, this.#newestSeenMs);
  }

  /** Exchange minus local, whole ms; positive when the local clock is behind. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** A reading of the exchange's clock made between two readings of the local one. */
  measured(serverMs: number, sentMs: number, receivedMs: number): void {
    this.#offsetMs = Math.round(serverMs - (sentMs + receivedMs) / 2);
    this.#newestSeenMs = Math.min(this.#newestSeenMs, serverMs);
  }

  /** A candle has closed: at the exchange it is now at least this late. */
  seenClosed(closeMs: number): void {
    this.#newestSeenMs = Math.max(this.#newestSeenMs, closeMs + 1);
  }
}
