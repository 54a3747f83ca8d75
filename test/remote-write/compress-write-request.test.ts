import * as fc from 'fast-check';
import { uncompress } from 'snappyjs';
import { expect, test } from 'vitest';
import { compressWriteRequest } from '#remote-write/compress-write-request.ts';
import { encodeWriteRequest } from '#remote-write/encode-write-request.ts';
import type { Sample } from '#remote-write/sample.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { differenceFrom, writeCopy, writeLiteral } from '#remote-write/snappy-elements.ts';

const MINUTE = Date.UTC(2025, 9, 29, 4, 22);

const candleLabels = fc.record({
  __name__: fc.constantFrom('crypto_candle_open_price', 'crypto_candle_high_price', 'crypto_candle_trades'),
  exchange: fc.constant('binance'),
  interval: fc.constant('1m'),
  symbol: fc.oneof(fc.constantFrom('BTCUSDT', 'ETHUSDT', '币安人生USDT'), fc.string({ maxLength: 20 })),
});
const anyLabels = fc.dictionary(
  fc.stringMatching(/^[a-z_]{1,20}$/),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  { maxKeys: 8 },
);
const value = fc.oneof(
  fc.constantFrom('112735.21000000', '0.00000000', '-0.0749', 'NaN', '1e-7'),
  fc.double().map(String),
);
/** Labels that come again, as a caller keeps them, and others that come once. */
const known = fc.sample(candleLabels, 12).map(seriesLabels);
const labels = fc.oneof(
  fc.constantFrom(...known),
  candleLabels.map(seriesLabels),
  anyLabels.map(seriesLabels),
);
const usualTime = fc.oneof(
  { weight: 5, arbitrary: fc.constant(MINUTE) },
  fc.constantFrom(MINUTE + 60_000, 2 ** 35, 2 ** 42 - 1),
);

/** Of some series, each with at most so many samples one after the other. */
function samplesWith(times: fc.Arbitrary<number>, most: number): fc.Arbitrary<readonly Sample[]> {
  const ofOne = fc.array(fc.record({ timestampMs: times, value }), { minLength: 1, maxLength: most });
  const series = fc
    .record({ labels, ofOne })
    .map((one) => one.ofOne.map((sample) => ({ ...sample, labels: one.labels })));
  return fc.array(series, { maxLength: 40 }).map((some) => some.flat());
}

const sent = (samples: readonly Sample[]) => Buffer.from(uncompress(compressWriteRequest(samples)));
const plain = (samples: readonly Sample[]) => Buffer.from(encodeWriteRequest(samples));

test('a request of one sample a series uncompresses to the bytes of its encoding, in whatever order series have come before', () => {
  fc.assert(
    fc.property(samplesWith(usualTime, 1), (samples) => {
      expect(sent(samples)).toEqual(plain(samples));
    }),
    { numRuns: 500 },
  );
});

test('and so does one with several samples, or times of other lengths', () => {
  const times = fc.oneof(usualTime, fc.constantFrom(0, 1, 2 ** 35 - 1, 2 ** 42));
  fc.assert(
    fc.property(samplesWith(times, 3), (samples) => {
      expect(sent(samples)).toEqual(plain(samples));
    }),
  );
});

test('a request of many thousand series is whole, after ones that were smaller', () => {
  const samples = Array.from({ length: 6000 }, (_, index): Sample => {
    const one = seriesLabels({ __name__: `metric_${index % 7}`, symbol: `SYMBOL${index}` });
    return { labels: one, timestampMs: MINUTE, value: String(index / 4) };
  });
  for (const some of [samples, samples.toReversed(), samples]) expect(sent(some)).toEqual(plain(some));
});

test('what a series repeats of the one before it is not written again', () => {
  const samples = ['BTCUSDT', 'ETHUSDT'].flatMap((symbol) =>
    ['open', 'high', 'low', 'close'].map((metric): Sample => {
      const one = seriesLabels({ __name__: `crypto_candle_${metric}_price`, exchange: 'binance', symbol });
      return { labels: one, timestampMs: MINUTE, value: '112735.21000000' };
    }),
  );
  expect(compressWriteRequest(samples).length).toBeLessThan(encodeWriteRequest(samples).length / 2);
});

test('any bytes are made of any earlier ones, however little they share', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(fc.constantFrom(1, 2), { maxLength: 400 }).map((some) => Uint8Array.from(some)),
    fc
      .array(fc.constantFrom('__name__', 'crypto', 'x'), { maxLength: 60 })
      .map((some) => Buffer.from(some.join(''))),
  );
  fc.assert(
    fc.property(bytes, bytes, fc.uint8Array({ maxLength: 40 }), (earlier, later, between) => {
      const target = new Uint8Array(4096);
      target[0] = (earlier.length + between.length + later.length) & 0x7f;
      const size = earlier.length + between.length + later.length;
      let at = size < 0x80 ? 1 : 2;
      if (at === 2) [target[0], target[1]] = [(size & 0x7f) | 0x80, size >>> 7];
      at = writeLiteral(target, at, Buffer.concat([earlier, between]));
      const difference = differenceFrom(earlier, later, earlier.length + between.length);
      target.set(difference, at);
      const made = uncompress(target.subarray(0, at + difference.length));
      expect(Buffer.from(made)).toEqual(Buffer.concat([earlier, between, later]));
    }),
    { numRuns: 1000 },
  );
});

test.each([4, 11, 12, 63, 64, 65, 67, 68, 200])('%i bytes are repeated by copies', (length) => {
  const start = Uint8Array.from({ length }, (_, index) => index);
  const target = new Uint8Array(1024);
  [target[0], target[1]] = [((2 * length) & 0x7f) | 0x80, (2 * length) >>> 7];
  const at = writeCopy(target, writeLiteral(target, 2, start), length, length);
  expect([...uncompress(target.subarray(0, at))]).toEqual([...start, ...start]);
});
