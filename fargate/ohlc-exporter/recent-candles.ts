import type { Candle } from '#domain/candle.ts';

/** How many candles a symbol keeps for telling a repeated candle from a corrected one. */
const RECENT = 4;

interface Place {
  openMs: number;
  candle: Candle;
}

/**
 * The newest few candles of one symbol, by open time in ms. Places that are written over, not a Map: a Map from which as
 * much is taken as is put in moves into a new table every few changes, and an old one, itself garbage, keeps the next
 * and its candles alive until a full collection. With it each candle outlived all collections but those.
 */
export class RecentCandles {
  readonly #places: Place[] = [];

  get(openMs: number): Candle | undefined {
    return this.#places.find((place) => place.openMs === openMs)?.candle;
  }

  set(openMs: number, candle: Candle): void {
    const same = this.#places.find((place) => place.openMs === openMs);
    if (same === undefined && this.#places.length < RECENT) {
      this.#places.push({ openMs, candle });
      return;
    }
    const place = same ?? this.#places.reduce((oldest, one) => (one.openMs < oldest.openMs ? one : oldest));
    if (openMs < place.openMs) return;
    place.openMs = openMs;
    place.candle = candle;
  }

  delete(openMs: number): void {
    const index = this.#places.findIndex((place) => place.openMs === openMs);
    if (index >= 0) this.#places.splice(index, 1);
  }
}
