import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fromKlineRow } from '#domain/kline-row.ts';
import { formingCandle } from '#local/exchange/forming.ts';
import { klineRow } from '#local/exchange/kline-row.ts';
import { firstSymbols, openListings } from '#local/exchange/listings.ts';
import type { Market, MarketCandle } from '#local/exchange/market.ts';
import { toUnits, UNITS_PER_ONE } from '#local/exchange/units.ts';

const FIRST_MINUTE = Date.parse('2025-10-29T04:22:00Z') / 60_000;
const ROWS = 4320;

const listings = openListings(firstSymbols(2000));

function market(symbol: string): Market {
  const listing = listings.get(symbol);
  if (!listing) throw new Error(`expected ${symbol} to be listed`);
  return listing.market;
}

function candlesOf(symbol: string): (minute: number) => MarketCandle {
  return (minute) => market(symbol).candle(minute);
}

function formingAt(symbol: string, minute: number, ms: number): MarketCandle {
  return formingCandle(market(symbol), candlesOf(symbol)(minute), minute * 60_000 + ms);
}

/** What the pipeline's own codec has against it. */
function problemsOf(candle: MarketCandle): readonly string[] {
  const decoded = fromKlineRow(klineRow(candle), candle.symbol, 0);
  return decoded.kind === 'rejected' ? [decoded.detail] : [];
}

function recordedLines(symbol: string): readonly string[] {
  const file = new URL(`../../../local/exchange/recording/${symbol}_1m.csv.gz`, import.meta.url);
  return gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n').slice(1);
}

/** The candle as a line of the recording, but for the time. */
function asLine(candle: MarketCandle): string {
  const { open, high, low, close, base, quote, trades, takerBase, takerQuote, symbol } = candle;
  return [open, high, low, close, base, quote, trades, takerBase, takerQuote, symbol].join(',');
}

function withoutTimes(line: string): string {
  const [, open, high, low, close, base, , quote, trades, takerBase, takerQuote, , symbol] = line.split(',');
  return [open, high, low, close, base, quote, trades, takerBase, takerQuote, symbol].join(',');
}

describe('a recorded symbol', () => {
  test.each([
    ['BTCUSDT', '58275591d502bcfee49f8514a78044347096771590382321c9f780c110a20e40'],
    ['ETHUSDT', 'f14461c7b5b87bca3bf394f4728bf048b82a2d0ccd77ec5ad9db86e7f51e4fe3'],
  ])('%s ships the bytes of its source', (symbol, sha256) => {
    const file = new URL(`../../../local/exchange/recording/${symbol}_1m.csv.gz`, import.meta.url);
    expect(
      createHash('sha256')
        .update(gunzipSync(readFileSync(file)))
        .digest('hex'),
    ).toBe(sha256);
  });

  test.each(['BTCUSDT', 'ETHUSDT'])('%s plays every row byte for byte, again in each round', (symbol) => {
    const lines = recordedLines(symbol);
    expect(lines).toHaveLength(ROWS);
    for (const round of [0, 7]) {
      const played = lines.map((_, row) => asLine(market(symbol).candle(FIRST_MINUTE + round * ROWS + row)));
      expect(played).toEqual(lines.map(withoutTimes));
    }
  });
});

describe('a derived symbol', () => {
  const some = ['DRV0001USDT', 'DRV0004USDT', 'DRV0005USDT', 'DRV0012USDT', 'DRV0999USDT', 'DRV1998USDT'];

  test.each(some)('%s keeps every rule of a candle, on four days', (symbol) => {
    const minutes = Array.from({ length: 4 * 1440 }, (_, i) => FIRST_MINUTE + i);
    expect(minutes.flatMap((minute) => problemsOf(candlesOf(symbol)(minute)))).toEqual([]);
  });

  test.each([...some, 'DRV0003USDT'])(
    '%s pays no less than its lowest and no more than its highest price',
    (symbol) => {
      const candles = Array.from({ length: 4 * 1440 }, (_, i) => candlesOf(symbol)(FIRST_MINUTE + i));
      const wrong = candles.filter(({ base, quote, low, high }) => {
        const [paid, bought] = [toUnits(quote), toUnits(base)];
        return (
          paid > (toUnits(high) * bought) / UNITS_PER_ONE || paid < (toUnits(low) * bought) / UNITS_PER_ONE
        );
      });
      expect(wrong).toEqual([]);
    },
  );

  test.each([...some, 'BTCUSDT'])('%s counts its trades up without a gap, from round to round', (symbol) => {
    const candles = Array.from({ length: 1000 }, (_, i) => candlesOf(symbol)(FIRST_MINUTE + ROWS - 500 + i));
    const busy = candles.filter(({ trades }) => trades > 0);
    expect(busy.length).toBeGreaterThan(300);
    expect(busy.map(({ firstTradeId, trades }) => firstTradeId + trades - 1)).toEqual(
      busy.map(({ lastTradeId }) => lastTradeId),
    );
    expect(busy.slice(1).map(({ firstTradeId }) => firstTradeId - 1)).toEqual(
      busy.slice(0, -1).map(({ lastTradeId }) => lastTradeId),
    );
    const quiet = candles.filter(({ trades }) => trades === 0);
    expect(
      quiet.filter(({ firstTradeId, lastTradeId }) => firstTradeId !== -1 || lastTradeId !== -1),
    ).toEqual([]);
  });

  test('has minutes without a trade if it is each fourth one, flat at the last price', () => {
    const candle = candlesOf('DRV0004USDT');
    const minutes = Array.from({ length: 1440 }, (_, i) => FIRST_MINUTE + 100 + i);
    const quiet = minutes.filter((minute) => candle(minute).trades === 0);
    expect(quiet.length).toBeGreaterThan(300);
    expect(quiet.length).toBeLessThan(1140);
    for (const minute of quiet) {
      const { open, high, low, close, base, quote, takerBase, takerQuote } = candle(minute);
      expect(new Set([open, high, low, close])).toEqual(new Set([candle(minute - 1).close]));
      expect(new Set([base, quote, takerBase, takerQuote])).toEqual(new Set(['0.00000000']));
    }
  });

  test('plays another phase than its source', () => {
    const minutes = Array.from({ length: 50 }, (_, i) => FIRST_MINUTE + i);
    const derived = minutes.map((minute) => candlesOf('DRV0001USDT')(minute).trades);
    const source = Array.from({ length: 200 }, (_, i) => candlesOf('BTCUSDT')(FIRST_MINUTE + i).trades);
    expect(derived).toEqual(source.slice(137, 187));
    expect(derived).not.toEqual(source.slice(0, 50));
  });

  test('tells the same history when it is made anew', () => {
    const again = openListings(['DRV0777USDT']).get('DRV0777USDT')?.market;
    for (let minute = FIRST_MINUTE; minute < FIRST_MINUTE + 200; minute++) {
      expect(again?.candle(minute)).toEqual(market('DRV0777USDT').candle(minute));
    }
  });
});

describe('a forming candle', () => {
  test.each(['BTCUSDT', 'DRV0003USDT', 'DRV0004USDT'])(
    'of %s grows within the bounds of the whole one',
    (symbol) => {
      for (let minute = FIRST_MINUTE; minute < FIRST_MINUTE + 60; minute++) {
        const whole = market(symbol).candle(minute);
        let before = formingAt(symbol, minute, 0);
        for (let ms = 2000; ms < 60_000; ms += 2000) {
          const now = formingAt(symbol, minute, ms);
          expect(problemsOf(now)).toEqual([]);
          expect(toUnits(now.high)).toBeLessThanOrEqual(toUnits(whole.high));
          expect(toUnits(now.low)).toBeGreaterThanOrEqual(toUnits(whole.low));
          expect(toUnits(now.high)).toBeGreaterThanOrEqual(toUnits(before.high));
          expect(toUnits(now.low)).toBeLessThanOrEqual(toUnits(before.low));
          expect(toUnits(now.base)).toBeGreaterThanOrEqual(toUnits(before.base));
          expect(now.trades).toBeGreaterThanOrEqual(before.trades);
          before = now;
        }
        expect(before).toEqual(whole);
      }
    },
  );

  test('is flat and empty before its first trade', () => {
    const first = formingAt('BTCUSDT', FIRST_MINUTE, 1000);
    expect(first).toMatchObject({ trades: 0, firstTradeId: -1, lastTradeId: -1, base: '0.00000000' });
    expect(new Set([first.high, first.low, first.close].map(toUnits))).toEqual(
      new Set([toUnits(first.open)]),
    );
  });
});

describe('the list of symbols', () => {
  test('begins with the recorded ones', () => {
    expect(firstSymbols(1)).toEqual(['BTCUSDT']);
    expect(firstSymbols(4)).toEqual(['BTCUSDT', 'ETHUSDT', 'DRV0001USDT', 'DRV0002USDT']);
    expect(new Set(firstSymbols(2000)).size).toBe(2000);
  });

  test.each([0, 2001, 1.5])('refuses a count of %d', (count) => {
    expect(() => firstSymbols(count)).toThrow('expected 1 to 2000 symbols');
  });

  test.each(['XRPUSDT', 'btcusdt', 'DRV0000USDT', 'DRV1999USDT', 'DRV1USDT'])(
    'refuses the symbol %s',
    (symbol) => {
      expect(() => openListings([symbol])).toThrow(`got ${symbol}`);
    },
  );
});
