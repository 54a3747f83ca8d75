import { AttemptLimiter } from './attempt-limiter.ts';
import { StreamSlot } from './stream-slot.ts';
import type { RotationReason, SlotOptions } from './stream-slot.ts';
import { SymbolDeadlines } from './symbol-deadlines.ts';

export type MarketStreamsOptions = Omit<SlotOptions, 'limiter' | 'signal'> & { readonly signal: AbortSignal };

/** As many sockets as the symbols need, and which symbol is on which. */
export class MarketStreams {
  readonly #options: MarketStreamsOptions;
  readonly #limiter = new AttemptLimiter();
  readonly #slots = new Map<
    StreamSlot,
    { readonly stop: AbortController; readonly running: Promise<void> }
  >();
  readonly deadlines: SymbolDeadlines;

  constructor(options: MarketStreamsOptions) {
    this.#options = options;
    this.deadlines = new SymbolDeadlines(options.limits.closedDeadlineMs);
  }

  get openConnections(): number {
    return [...this.#slots.keys()].filter((slot) => slot.connected).length;
  }

  get allConnected(): boolean {
    return this.#slots.size > 0 && this.openConnections === this.#slots.size;
  }

  /** Adds symbols where there is room, and sockets where there is none. */
  async add(symbols: readonly string[]): Promise<void> {
    let rest = symbols;
    for (const symbol of symbols) this.deadlines.start(symbol);
    const full = this.#options.limits.streamsPerConnection;
    for (const slot of this.#slots.keys()) {
      const room = full - slot.symbols.size;
      if (rest.length > 0 && room > 0) await slot.add(rest.slice(0, room));
      rest = rest.slice(Math.max(0, room));
    }
    for (; rest.length > 0; rest = rest.slice(full)) await this.#openSlot(rest.slice(0, full));
  }

  async remove(symbols: readonly string[]): Promise<void> {
    for (const symbol of symbols) this.deadlines.stop(symbol);
    for (const [slot, { stop }] of this.#slots) {
      const leaving = symbols.filter((symbol) => slot.symbols.has(symbol));
      if (leaving.length > 0) await slot.remove(leaving);
      if (slot.symbols.size > 0) continue;
      stop.abort();
      this.#slots.delete(slot);
    }
  }

  /** Replaces every socket that carries a symbol whose deadline has just passed; returns these symbols. */
  rotateOverdue(): readonly string[] {
    const overdue = this.deadlines.due();
    for (const slot of this.#slots.keys()) {
      if (overdue.some((symbol) => slot.symbols.has(symbol))) slot.rotate('symbol-deadline');
    }
    return overdue;
  }

  /** The exchange announced its shutdown on some connection: all of that host's are about to go. */
  rotateAll(reason: RotationReason): void {
    for (const slot of this.#slots.keys()) slot.rotate(reason);
  }

  /** Settles when every socket is closed, after the signal was aborted. */
  async stopped(): Promise<void> {
    await Promise.all([...this.#slots.values()].map(async ({ running }) => running));
  }

  async #openSlot(symbols: readonly string[]): Promise<void> {
    const stop = new AbortController();
    const slot = new StreamSlot({
      ...this.#options,
      limiter: this.#limiter,
      signal: AbortSignal.any([stop.signal, this.#options.signal]),
    });
    await slot.add(symbols);
    this.#slots.set(slot, { stop, running: slot.run() });
  }
}
