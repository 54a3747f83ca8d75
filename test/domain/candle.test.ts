import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candleSchema, decodeCandle, encodeCandle, identityOf, keyOf, toCandle } from '#domain/candle.ts';
import type { Candle } from '#domain/candle.ts';
import { compareDecimals, isAtMost } from '#domain/decimal.ts';
import { anyCandle, CANDLE } from '#test/candles.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a candle', () => {
  test('survives encoding and decoding unchanged, decimals to the last zero', () => {
    fc.assert(
      fc.property(anyCandle, (candle) => {
        expect(decodeCandle(bytes(encodeCandle(candle)))).toEqual({ kind: 'candle', candle });
      }),
    );
  });

  test('is identified by exchange, symbol, interval and open time, and keyed by symbol', () => {
    expect(identityOf(CANDLE)).toBe('binance/BTCUSDT/1m/2025-10-29T04:22:00.000Z');
    expect(keyOf(CANDLE)).toBe('BTCUSDT');
  });

  test('of a minute without trades is valid', () => {
    const flat = { open: '5.1', high: '5.1', low: '5.1', close: '5.1' };
    const none = { baseVolume: '0', quoteVolume: '0', takerBuyBaseVolume: '0', takerBuyQuoteVolume: '0' };
    const quiet = { ...CANDLE, ...flat, ...none, trades: 0, firstTradeId: -1, lastTradeId: -1 };
    expect(toCandle(quiet, bytes('')).kind).toBe('candle');
  });
});

describe('a rejected candle', () => {
  const broken: readonly [string, Partial<Record<keyof Candle, unknown>>, RegExp][] = [
    ['low above open', { low: '112731.30' }, /expected low <= open, got 112731\.30 > 112731\.29/],
    ['close above high', { close: '112749.74' }, /expected close <= high/],
    ['open above high', { open: '112749.74' }, /expected open <= high/],
    ['low above close', { close: '112730.3' }, /expected low <= close/],
    [
      'more bought by takers than traded',
      { takerBuyBaseVolume: '4.75298' },
      /takerBuyBaseVolume <= baseVolume/,
    ],
    [
      'more paid by takers than paid',
      { takerBuyQuoteVolume: '535847' },
      /takerBuyQuoteVolume <= quoteVolume/,
    ],
    [
      'a close time that is not the end of its minute',
      { closeTime: '2025-10-29T04:22:59.998Z' },
      /closeTime = openTime/,
    ],
    ['an open time off the minute', { openTime: '2025-10-29T04:22:01.000Z' }, /openTime on a full minute/],
  ];
  test.each(broken)('with %s breaks a rule and says which', (_, change, detail) => {
    const raw = bytes('raw');
    expect(toCandle({ ...CANDLE, ...change }, raw)).toEqual({
      kind: 'rejected',
      reason: 'broken-rule',
      detail: expect.stringMatching(detail),
      raw,
    });
  });

  const malformed: readonly [string, Partial<Record<keyof Candle, unknown>>][] = [
    ['NaN for a price', { open: 'NaN' }],
    ['an exponent', { open: '1e5' }],
    ['a sign', { low: '-1' }],
    ['a number for a price', { open: 112731.29 }],
    ['more digits than the warehouse holds', { baseVolume: '1.1234567890123456789' }],
    ['negative trades', { trades: -1 }],
    ['half a trade', { trades: 0.5 }],
    ['a local time', { openTime: '2025-10-29T04:22:00.000+01:00' }],
    ['another interval', { interval: '1h' }],
    ['no symbol', { symbol: '' }],
  ];
  test.each(malformed)('with %s is no candle', (_, change) => {
    expect(toCandle({ ...CANDLE, ...change }, bytes('raw'))).toMatchObject({ reason: 'not-a-candle' });
  });

  test('keeps the bytes that were not JSON', () => {
    const raw = bytes('{"symbol":');
    expect(decodeCandle(raw)).toMatchObject({ kind: 'rejected', reason: 'not-json', raw });
    expect(decodeCandle(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ reason: 'not-json' });
  });

  test('is what any bytes become, and none throws', () => {
    const anyBytes = fc.oneof(fc.uint8Array(), fc.json().map(bytes));
    fc.assert(
      fc.property(anyBytes, (raw) => {
        expect(decodeCandle(raw).kind).toBe('rejected');
      }),
    );
  });
});

test('the schema knows every field of a candle', () => {
  expect(candleSchema.safeParse(CANDLE).success).toBe(true);
});

const asDecimal = (value: bigint) =>
  `${value / 10n ** 18n}.${(value % 10n ** 18n).toString().padStart(18, '0')}`;

describe('comparing decimals', () => {
  test('agrees with integers scaled by hand', () => {
    const scaled = fc.bigInt({ min: 0n, max: 10n ** 30n });
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        expect(Math.sign(compareDecimals(asDecimal(a), asDecimal(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(isAtMost(asDecimal(a), asDecimal(b))).toBe(a <= b);
      }),
    );
  });

  test('agrees with exact arithmetic however many digits and zeros either side has', () => {
    const text = fc
      .tuple(digits(4), fc.option(digits(3)))
      .map(([whole, fraction]) => (fraction === null ? whole : `${whole}.${fraction}`));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const thousandths = Math.round(Number(a) * 1000) - Math.round(Number(b) * 1000);
        expect(Math.sign(compareDecimals(a, b))).toBe(Math.sign(thousandths));
      }),
      { numRuns: 500 },
    );
  });

  test('written as the exchange does, eight digits after the point, is compared as a text, and rightly', () => {
    const text = fc
      .tuple(digits(4), digits(3))
      .map(([whole, fraction]) => `${whole}.${fraction.padStart(8, '0')}`);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [a, b].map((value) => BigInt(value.replace('.', ''))) as [bigint, bigint]; // of two, two
        expect(isAtMost(a, b)).toBe(left <= right);
      }),
      { numRuns: 2000 },
    );
  });

  test('does not see trailing zeros, and sees what a float would not', () => {
    expect(compareDecimals('1.50', '1.5')).toBe(0);
    expect(compareDecimals('9007199254740993.1', '9007199254740993.2')).toBe(-1);
  });
});

function digits(maxLength: number) {
  return fc.string({ unit: fc.constantFrom('0', '1', '9'), minLength: 1, maxLength });
}
