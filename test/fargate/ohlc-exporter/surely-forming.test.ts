import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStreamFrame } from '#domain/kline-event.ts';
import { isSurelyForming } from '#fargate/ohlc-exporter/surely-forming.ts';
import { CANDLE } from '#test/candles.ts';
import { recordedFrame } from '#test/recorded-frame.ts';

/** Names and values that try to look like the flag. */
const decoy = fc.oneof(
  fc.constantFrom(
    'x',
    '"x"',
    '"x":false',
    'x":false',
    ',"x":false,',
    '\\"x\\":false',
    '\\',
    '}}',
    ':false',
    '\u0078',
    'é"x":false',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
);
const further = fc.dictionary(
  decoy,
  fc.oneof(
    decoy,
    fc.boolean(),
    fc.constant({ x: false }),
    fc.constant({ x: true }),
    fc.constant([{ x: false }]),
  ),
  { maxKeys: 3 },
);

const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, arbitrary) as fc.Arbitrary<Record<string, unknown>>; // dictionaries on both sides

interface Frame {
  readonly symbol: string;
  readonly closed: boolean;
  readonly before: Record<string, unknown>;
  readonly inside: Record<string, unknown>;
  readonly after: Record<string, unknown>;
  readonly combined: boolean;
  readonly indent: number;
}

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  symbol: fc.oneof({ weight: 3, arbitrary: fc.constant('BTCUSDT') }, decoy),
  closed: fc.boolean(),
  before: rarely(further),
  inside: rarely(further),
  after: rarely(further),
  combined: fc.boolean(),
  indent: fc.constantFrom(0, 0, 0, 1),
});

function encode({ symbol, closed, before, inside, after, combined, indent }: Frame): Buffer {
  const kline = {
    ...before,
    t: 1761711720000,
    T: 1761711779999,
    s: symbol,
    i: '1m',
    f: 1,
    L: 2,
    o: CANDLE.open,
    c: CANDLE.close,
    h: CANDLE.high,
    l: CANDLE.low,
    v: CANDLE.baseVolume,
    n: 2,
    ...inside,
    x: closed,
    q: CANDLE.quoteVolume,
    V: CANDLE.takerBuyBaseVolume,
    Q: CANDLE.takerBuyQuoteVolume,
    B: '0',
    ...after,
  };
  const event = { e: 'kline', E: 1761711780012, s: symbol, k: { ...kline, x: closed } };
  return Buffer.from(
    JSON.stringify(combined ? { stream: `${symbol}@kline_1m`, data: event } : event, undefined, indent),
  );
}

test('a frame that is skipped is never a closed candle, whatever symbol and further fields it holds', () => {
  let skipped = 0;
  let closed = 0;
  fc.assert(
    fc.property(anyFrame, (frame) => {
      const bytes = encode(frame);
      const slow = readStreamFrame(bytes, 0);
      if (slow.kind === 'closed') closed += 1;
      if (!isSurelyForming(bytes)) return;
      skipped += 1;
      // Rejected is possible: a forming candle with a broken further field is of no interest either.
      expect(['forming', 'rejected']).toContain(slow.kind);
    }),
    { numRuns: 20_000 },
  );
  expect(skipped).toBeGreaterThan(1000);
  expect(closed).toBeGreaterThan(1000);
});

test('bytes changed, lost or put in at random never hide a closed candle', () => {
  const original = recordedFrame('kline-closed-combined');
  const edit = fc.record({
    at: fc.nat(original.length - 1),
    remove: fc.nat(3),
    put: fc.constantFrom('', '"x":false', '"x"', 'false', '{', '}', '"', '\\', ' '),
  });
  let closed = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let text = original.toString();
      for (const { at, remove, put } of edits) text = text.slice(0, at) + put + text.slice(at + remove);
      const bytes = Buffer.from(text);
      if (readStreamFrame(bytes, 0).kind !== 'closed') return;
      closed += 1;
      expect(isSurelyForming(bytes)).toBe(false);
    }),
    { numRuns: 20_000 },
  );
  expect(closed).toBeGreaterThan(100);
});

test('the frames that make up most of the traffic are skipped', () => {
  expect(isSurelyForming(recordedFrame('kline-forming-combined'))).toBe(true);
});

test.each([
  'kline-closed-raw',
  'kline-closed-combined',
  'kline-closed-zero-trades',
  'server-shutdown-raw',
  'server-shutdown-combined',
])('%s is read', (name) => expect(isSurelyForming(recordedFrame(name))).toBe(false));

test('a frame that was cut off inside its candle is read, and so rejected rather than skipped', () => {
  const forming = recordedFrame('kline-forming-combined');
  // All that is missing of the longest one is the last brace.
  const cuts = Array.from({ length: forming.length - 1 }, (_, length) => forming.subarray(0, length));
  expect(cuts.filter((cut) => isSurelyForming(cut))).toEqual([]);
});
