import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Counts } from '#bench/run/definition.ts';
import { archiveLines, readArchivePath } from '#local/exchange/archive-file.ts';
import { archiveZip } from '#local/exchange/archive-zip.ts';
import { openListings } from '#local/exchange/listings.ts';
import type { MarketCandle } from '#local/exchange/market.ts';
import { toUnits } from '#local/exchange/units.ts';

/** Files are of this year, whose times are in microseconds. */
export const YEAR = 2025;

/**
 * Writes whole months of the replay exchange's candles below the folder as the archive has them, CHECKSUMs beside them;
 * gives what has to be in a warehouse that loaded each of them once.
 */
export async function writeArchive(
  folder: string,
  symbols: readonly string[],
  months: number,
): Promise<Counts> {
  const listings = openListings(symbols);
  const sums = { rows: 0, trades: 0, baseUnits: 0n, closeUnits: 0n };
  for (const symbol of symbols) {
    const market = listings.get(symbol)?.market;
    for (let month = 1; month <= months; month += 1) {
      const path = monthlyPath(symbol, month);
      const file = readArchivePath(path);
      if (!market || !file) throw new Error(`expected a month of a symbol, got ${path}`);
      const counted = (minute: number) => {
        const candle = market.candle(minute);
        sums.rows += 1;
        sums.trades += candle.trades;
        sums.baseUnits += toUnits(candle.base);
        sums.closeUnits += toUnits(candle.close);
        return inEightDecimals(candle);
      };
      const { bytes } = await archiveZip(file, archiveLines(file, counted, undefined), undefined);
      const name = join(folder, path);
      await mkdir(dirname(name), { recursive: true });
      await writeFile(name, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await writeFile(`${name}.CHECKSUM`, `${sha256}  ${file.name}.zip\n`);
    }
  }
  const { rows, trades, baseUnits, closeUnits } = sums;
  return {
    rows,
    candles: rows,
    trades,
    baseDigits: lastDigits(baseUnits),
    closeDigits: lastDigits(closeUnits),
    inexact: 0,
  };
}

function monthlyPath(symbol: string, month: number): string {
  const name = `${symbol}-1m-${YEAR}-${String(month).padStart(2, '0')}`;
  return `/data/spot/monthly/klines/${symbol}/1m/${name}.zip`;
}

/** As the archive writes every number; the recording has some of them shorter. */
function inEightDecimals(candle: MarketCandle): MarketCandle {
  const { open, high, low, close, base, quote, takerBase, takerQuote } = candle;
  return {
    ...candle,
    open: full(open),
    high: full(high),
    low: full(low),
    close: full(close),
    base: full(base),
    quote: full(quote),
    takerBase: full(takerBase),
    takerQuote: full(takerQuote),
  };
}

function full(value: string): string {
  const point = value.indexOf('.');
  return point < 0 ? `${value}.00000000` : value.padEnd(point + 9, '0');
}

/** Of an exact sum in units of 10^-8 as many as a Number holds: a wrong one has others. */
export function lastDigits(units: bigint): number {
  return Number(units % 10n ** 15n);
}
