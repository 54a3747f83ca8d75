import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnyFrame, readStreamFrame } from '#domain/kline-event.ts';
import { readUsualClosedEvent } from '#domain/usual-frame.ts';
import { recordedFrame } from '#test/recorded-frame.ts';

const received = Date.UTC(2025, 9, 29, 4, 23);
const text = (name: string) => recordedFrame(name).toString().trim();
const bytes = (frame: string) => new TextEncoder().encode(frame);
const closed = text('kline-closed-combined');

describe('the short way to a closed candle', () => {
  test.each(['kline-closed-combined', 'kline-closed-zero-trades'])('is taken by %s', (name) => {
    const frame = bytes(text(name));
    expect(readUsualClosedEvent(frame)).toBeDefined();
    expect(readStreamFrame(frame, received)).toStrictEqual(readAnyFrame(frame, received));
    const { candle } = readStreamFrame(frame, received) as { candle: object };
    expect(JSON.stringify(candle)).toBe(
      JSON.stringify((readAnyFrame(frame, received) as { candle: object }).candle),
    );
  });

  test.each([
    ['is still forming', '"x":true', '"x":false'],
    ['has a member more', '"x":true', '"x":true,"x":false'],
    ['has its members in another order', '"n":1459,"x":true', '"x":true,"n":1459'],
    ['has a space', '"x":true', '"x": true'],
    ['has an escape', '"e":"kline"', '"e":"k\\u006cine"'],
    ['has a number for a price', '"o":"112731.29000000"', '"o":112731.29'],
    ['has a sign', '"o":"112731.29000000"', '"o":"-112731.29000000"'],
    ['has an exponent', '"o":"112731.29000000"', '"o":"1e5"'],
    ['has more digits than the warehouse', '"o":"112731.29000000"', '"o":"112731.2900000000000000000"'],
    ['counts beyond what a number holds', '"n":1459', '"n":9007199254740993'],
    ['counts with a leading zero', '"n":1459', '"n":01459'],
    ['has two different symbols', '"s":"BTCUSDT","k"', '"s":"ETHUSDT","k"'],
    ['has a symbol of another script', /BTCUSDT/g, '币安人生USDT'],
    ['is of another interval', '"i":"1m"', '"i":"1h"'],
    ['goes on after its end', /$/, ' {}'],
    ['lacks its end', /\}$/, ''],
  ])('is not taken by a frame that %s', (_, from, to) => {
    const changed = closed.replaceAll(from instanceof RegExp ? new RegExp(from, 'g') : from, to);
    expect(changed).not.toBe(closed);
    expect(readUsualClosedEvent(bytes(changed))).toBeUndefined();
    expect(readStreamFrame(bytes(changed), received)).toStrictEqual(readAnyFrame(bytes(changed), received));
  });

  test('does not let a candle through that breaks a rule', () => {
    const changed = bytes(closed.replace('"l":"112730.40000000"', '"l":"112750.40000000"'));
    expect(readUsualClosedEvent(changed)).toBeDefined();
    expect(readStreamFrame(changed, received)).toMatchObject({ kind: 'rejected', reason: 'broken-rule' });
  });

  test('comes to the same as the long one, whatever became of a frame', () => {
    const piece = fc.oneof(
      fc.constantFrom('', '0', '9', '.', '-1', '"', '\\', ',', '{', '}', 'é', '1761711780000', '"x":false,'),
      fc.string({ maxLength: 3, unit: 'binary' }),
    );
    const change = fc.record({ at: fc.nat(closed.length), length: fc.nat(4), piece });
    const digit = fc.record({
      at: fc.nat(closed.length),
      length: fc.constant(1),
      piece: fc.nat(9).map(String),
    });
    let usual = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(change, digit), { minLength: 1, maxLength: 2 }), (changes) => {
        const changed = changes.reduce(
          (frame, { at, length, piece: put }) => frame.slice(0, at) + put + frame.slice(at + length),
          closed,
        );
        const frame = bytes(changed);
        if (readUsualClosedEvent(frame) !== undefined) usual += 1;
        expect(readStreamFrame(frame, received)).toStrictEqual(readAnyFrame(frame, received));
      }),
      { numRuns: 3000 },
    );
    expect(usual).toBeGreaterThan(100);
  });
});
