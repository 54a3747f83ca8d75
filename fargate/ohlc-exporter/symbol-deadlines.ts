const LONGEST_PAUSE_MS = 3_600_000;

/** How often the exchange is asked about symbols that its stream does not bring. */
const FOLLOW_EVERY_MS = 60_000;

interface Watch {
  closedAt: number;
  dueAt: number;
  pauseMs: number;
}

/**
 * When each symbol's next closed candle is due: it comes every minute, trades or none. A symbol that stays
 * away (halted, say) becomes due again after ever longer pauses, so that it does not keep its socket turning.
 */
export class SymbolDeadlines {
  readonly #deadlineMs: number;
  readonly #now: () => number;
  readonly #watched = new Map<string, Watch>();
  #followedAt = -Infinity;

  /** `now` is a monotonic clock in ms. */
  constructor(deadlineMs: number, now: () => number = () => performance.now()) {
    this.#deadlineMs = deadlineMs;
    this.#now = now;
  }

  start(symbol: string): void {
    this.closed(symbol);
  }

  stop(symbol: string): void {
    this.#watched.delete(symbol);
  }

  closed(symbol: string): void {
    const now = this.#now();
    const watch = this.#watched.get(symbol);
    if (watch === undefined) {
      this.#watched.set(symbol, { closedAt: now, dueAt: now + this.#deadlineMs, pauseMs: this.#deadlineMs });
      return;
    }
    watch.closedAt = now;
    watch.dueAt = now + this.#deadlineMs;
    watch.pauseMs = this.#deadlineMs;
  }

  get watchedCount(): number {
    return this.#watched.size;
  }

  /** Symbols that have become due since the last call; each pauses twice as long as before. */
  due(): readonly string[] {
    const now = this.#now();
    const due: string[] = [];
    for (const [symbol, watch] of this.#watched) {
      if (now < watch.dueAt) continue;
      due.push(symbol);
      watch.dueAt = now + watch.pauseMs;
      watch.pauseMs = Math.min(watch.pauseMs * 2, LONGEST_PAUSE_MS);
    }
    return due;
  }

  /** Symbols past their deadline now. */
  stale(): readonly string[] {
    const before = this.#now() - this.#deadlineMs;
    return [...this.#watched].filter(([, watch]) => watch.closedAt < before).map(([symbol]) => symbol);
  }

  /** The stale symbols once a minute, and none in between: until the stream brings them they are followed over REST. */
  toFollow(): readonly string[] {
    if (this.#now() < this.#followedAt + FOLLOW_EVERY_MS) return [];
    const stale = this.stale();
    if (stale.length > 0) this.#followedAt = this.#now();
    return stale;
  }
}
