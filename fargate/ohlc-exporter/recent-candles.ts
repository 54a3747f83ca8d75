import type { Candle } from '#domain/candle.ts';
import { compareDecimals } from '#domain/decimal.ts';

/** How many candles a symbol keeps for telling a repeated candle from a corrected one. */
const RECENT = 4;

/** Eight decimals of at most 39 characters, the number of trades, and what stands between them. */
const MOST_TEXT_BYTES = 352;

const NO_MINUTE = -1;

/**
 * The values of the newest few candles of one symbol, by open time in ms. As bytes, not as candles: these would be all that
 * outlives a collection in the exporter, and with a thousand symbols moving them took a third of the time that reading took.
 */
export class RecentCandles {
  readonly #minutes = new Float64Array(RECENT).fill(NO_MINUTE);
  readonly #lengths = new Uint16Array(RECENT);
  readonly #texts = Buffer.allocUnsafeSlow(RECENT * MOST_TEXT_BYTES);

  /** Whether the candle of that minute had these values; undefined where it is none of the newest. */
  hadValuesOf(openMs: number, candle: Candle): boolean | undefined {
    const place = this.#minutes.indexOf(openMs);
    if (place < 0) return undefined;
    const start = place * MOST_TEXT_BYTES;
    const before = this.#texts.toString('latin1', start, start + (this.#lengths[place] ?? 0));
    const now = textOf(candle);
    return before === now || sameNumbers(before.split(' '), now.split(' '));
  }

  set(openMs: number, candle: Candle): void {
    const minutes = this.#minutes;
    let place = minutes.indexOf(openMs);
    if (place < 0) {
      place = 0;
      for (let other = 1; other < RECENT; other += 1)
        if ((minutes[other] ?? 0) < (minutes[place] ?? 0)) place = other;
      if (openMs < (minutes[place] ?? 0)) return;
    }
    minutes[place] = openMs;
    this.#lengths[place] = this.#texts.write(textOf(candle), place * MOST_TEXT_BYTES, 'latin1');
  }

  delete(openMs: number): void {
    const place = this.#minutes.indexOf(openMs);
    if (place >= 0) this.#minutes[place] = NO_MINUTE;
  }
}

function textOf(candle: Candle): string {
  const { open, high, low, close, baseVolume, quoteVolume, takerBuyBaseVolume, takerBuyQuoteVolume } = candle;
  return `${open} ${high} ${low} ${close} ${baseVolume} ${quoteVolume} ${takerBuyBaseVolume} ${takerBuyQuoteVolume} ${candle.trades}`;
}

/** `1.5` and `1.50` are one price. */
function sameNumbers(a: readonly string[], b: readonly string[]): boolean {
  return a.every((value, index) => compareDecimals(value, b[index] ?? '') === 0);
}
