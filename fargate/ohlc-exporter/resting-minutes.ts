import { MINUTE_MS } from '#domain/candle.ts';
import { backoffMs } from './backoff.ts';
import type { Hole } from './coverage.ts';

const REST = { baseMs: 30_000, capMs: 3_600_000 } as const;

type IsMissing = (symbol: string, openMs: number) => boolean;

interface Rest {
  attempts: number;
  untilMs: number;
}

/** Missing minutes that the exchange was asked for and does not have: each is asked for again after growing pauses. */
export class RestingMinutes {
  readonly #bySymbol = new Map<string, Map<number, Rest>>();

  /** Sends minutes to rest; true if any of them had not been before. `nowMs` is a monotonic clock. */
  rest(symbol: string, minutes: readonly number[], nowMs: number): boolean {
    let fresh = false;
    const resting = this.#bySymbol.get(symbol) ?? new Map<number, Rest>();
    this.#bySymbol.set(symbol, resting);
    for (const at of minutes) {
      const attempts = (resting.get(at)?.attempts ?? 0) + 1;
      fresh ||= attempts === 1;
      resting.set(at, { attempts, untilMs: nowMs + backoffMs(attempts - 1, REST) });
    }
    return fresh;
  }

  forget(symbol: string): void {
    this.#bySymbol.delete(symbol);
  }

  /** The parts of these holes that may be asked for now and that closed before `settledMs`; keeps their order. */
  without(holes: readonly Hole[], nowMs: number, settledMs: number): readonly Hole[] {
    return holes.flatMap((hole) => this.#awake(hole, nowMs, settledMs)).toSorted((a, b) => b.toMs - a.toMs);
  }

  /** How many of the missing minutes rest. */
  count(isMissing: IsMissing): number {
    let count = 0;
    for (const [symbol, resting] of this.#bySymbol) {
      for (const at of resting.keys()) if (isMissing(symbol, at)) count += 1;
    }
    return count;
  }

  /** Drops minutes that are not missing any more. */
  clean(isMissing: IsMissing): void {
    for (const [symbol, resting] of this.#bySymbol) {
      for (const at of resting.keys()) if (!isMissing(symbol, at)) resting.delete(at);
      if (resting.size === 0) this.#bySymbol.delete(symbol);
    }
  }

  #awake(hole: Hole, nowMs: number, settledMs: number): readonly Hole[] {
    const resting = this.#bySymbol.get(hole.symbol);
    const lastMs = Math.floor(Math.min(hole.toMs, settledMs - MINUTE_MS) / MINUTE_MS) * MINUTE_MS;
    const runs: { symbol: string; fromMs: number; toMs: number }[] = [];
    for (let at = hole.fromMs; at <= lastMs; at += MINUTE_MS) {
      if ((resting?.get(at)?.untilMs ?? -Infinity) > nowMs) continue;
      const run = runs.at(-1);
      if (run !== undefined && run.toMs + MINUTE_MS === at) run.toMs = at;
      else runs.push({ symbol: hole.symbol, fromMs: at, toMs: at });
    }
    return runs;
  }
}
