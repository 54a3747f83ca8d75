import type { Candle } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { RecentCandles } from './recent-candles.ts';

/** Consecutive minutes missing of one symbol; both ends are open times in ms, inclusive. */
export interface Hole {
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export type Taken =
  /** Not seen before: publish it. `holeFound` counts the minutes it showed to be missing. */
  | { readonly kind: 'new'; readonly holeFound: number; readonly filled: boolean }
  | { readonly kind: 'duplicate' }
  /** The same minute again with other values: publish it too, the warehouse decides by source. */
  | { readonly kind: 'correction' };

/** Kafka may hold what closed while the exchange was asked for its time; what lies further ahead is no candle of today. */
const MAX_AHEAD_MS = 60 * MINUTE_MS;

interface SymbolState {
  /** Open time of the oldest minute that is accounted for. */
  readonly fromMs: number;
  /** Open time of the newest minute that is accounted for: taken, or listed as missing. */
  headMs: number;
  /** Open time of the newest candle that came, from wherever; -Infinity before the first. */
  newestMs: number;
  readonly missing: Set<number>;
  readonly recent: RecentCandles;
}

/**
 * Which minutes of which symbol are on their way into Kafka, and which are missing. Pure bookkeeping: every
 * minute up to a symbol's head is either taken or in `missing`.
 */
export class Coverage {
  readonly #symbols = new Map<string, SymbolState>();

  has(symbol: string): boolean {
    return this.#symbols.has(symbol);
  }

  /**
   * Starts to watch a symbol over the minutes from `fromMs` to `headMs`, of which Kafka holds `acknowledged`
   * (open times in ms). Returns how many are missing.
   */
  watch(symbol: string, fromMs: number, headMs: number, acknowledged: ReadonlySet<number>): number {
    const known = [...acknowledged].filter((at) => at <= headMs + MAX_AHEAD_MS);
    const newest = Math.max(headMs, ...known);
    const state: SymbolState = {
      fromMs,
      headMs: newest,
      newestMs: -Infinity,
      missing: new Set(),
      recent: new RecentCandles(),
    };
    for (let at = fromMs; at <= newest; at += MINUTE_MS) if (!acknowledged.has(at)) state.missing.add(at);
    this.#symbols.set(symbol, state);
    return state.missing.size;
  }

  /** Stops watching a symbol; returns the minutes still missing. */
  forget(symbol: string): number {
    const missing = this.#symbols.get(symbol)?.missing.size ?? 0;
    this.#symbols.delete(symbol);
    return missing;
  }

  /** Accounts for a closed candle of a watched symbol; `openMs` is its open time, where that is known as a number. */
  take(candle: Candle, openMs = Date.parse(candle.openTime)): Taken {
    const state = this.#state(candle.symbol);
    if (openMs > state.newestMs) state.newestMs = openMs;
    if (openMs > state.headMs) {
      const holeFound = this.#advance(state, openMs - MINUTE_MS);
      state.headMs = openMs;
      state.recent.set(openMs, candle);
      return { kind: 'new', holeFound, filled: false };
    }
    if (state.missing.delete(openMs)) {
      state.recent.set(openMs, candle);
      return { kind: 'new', holeFound: 0, filled: true };
    }
    const same = state.recent.hadValuesOf(openMs, candle);
    const known = same !== undefined || openMs >= state.fromMs;
    if (known && same !== false) return { kind: 'duplicate' };
    state.recent.set(openMs, candle);
    // From before the watch began nothing is known: it may be in Kafka or not, so it is published.
    return known ? { kind: 'correction' } : { kind: 'new', holeFound: 0, filled: false };
  }

  /** Takes back a candle that could not be queued: its minute is missing again. */
  giveBack(candle: Candle): void {
    const openMs = Date.parse(candle.openTime);
    const state = this.#state(candle.symbol);
    state.missing.add(openMs);
    state.recent.delete(openMs);
  }

  /** Every minute up to `closedMs` has closed at the exchange: what was not taken is missing. Returns how many are new. */
  expectUpTo(symbol: string, closedMs: number): number {
    return this.#advance(this.#state(symbol), closedMs);
  }

  /** Strikes minutes off that will not be filled; returns how many were on the list. */
  strike(symbol: string, minutes: Iterable<number>): number {
    const missing = this.#symbols.get(symbol)?.missing;
    let struck = 0;
    for (const at of minutes) if (missing?.delete(at)) struck += 1;
    return struck;
  }

  isMissing(symbol: string, openMs: number): boolean {
    return this.#symbols.get(symbol)?.missing.has(openMs) ?? false;
  }

  /** When each symbol's newest candle that came closed, ms since 1970; none of a symbol of which none came yet. */
  *newestClosedMs(): Generator<readonly [symbol: string, closedMs: number]> {
    for (const [symbol, { newestMs }] of this.#symbols) {
      if (newestMs > -Infinity) yield [symbol, newestMs + MINUTE_MS - 1];
    }
  }

  missingCount(): number {
    let count = 0;
    for (const state of this.#symbols.values()) count += state.missing.size;
    return count;
  }

  /** Every hole, the newest first. */
  holes(): readonly Hole[] {
    const holes: Hole[] = [];
    for (const [symbol, state] of this.#symbols) {
      if (state.missing.size > 0) holes.push(...runsOf(symbol, state.missing));
    }
    return holes.toSorted((a, b) => b.toMs - a.toMs);
  }

  #state(symbol: string): SymbolState {
    const state = this.#symbols.get(symbol);
    if (state === undefined) throw new RangeError(`expected a watched symbol, got ${symbol}`);
    return state;
  }

  #advance(state: SymbolState, toMs: number): number {
    let found = 0;
    for (let at = state.headMs + MINUTE_MS; at <= toMs; at += MINUTE_MS, found += 1) state.missing.add(at);
    state.headMs = Math.max(state.headMs, toMs);
    return found;
  }
}

function runsOf(symbol: string, minutes: ReadonlySet<number>): readonly Hole[] {
  const runs: { symbol: string; fromMs: number; toMs: number }[] = [];
  for (const at of [...minutes].toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last.toMs + MINUTE_MS === at) last.toMs = at;
    else runs.push({ symbol, fromMs: at, toMs: at });
  }
  return runs;
}
