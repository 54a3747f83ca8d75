import * as fc from 'fast-check';
import { compress } from 'snappyjs';
import { expect, test } from 'vitest';
import { encodeWriteRequest } from '#remote-write/encode-write-request.ts';
import type { Sample } from '#remote-write/sample.ts';
import { pairsOf, seriesLabels } from '#remote-write/series-labels.ts';
import type { Series } from '#remote-write/series.ts';
import { readUncompressed, readWriteRequest } from './write-request.ts';

/** Any Unicode text without lone surrogates, which UTF-8 has no bytes for. */
const text = fc.string({ unit: 'grapheme', maxLength: 200 });

const anySeries: fc.Arbitrary<Series> = fc
  .record({
    labels: fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,20}$/), text, { maxKeys: 8 }),
    samples: fc.array(
      fc.record({
        timestampMs: fc.oneof(fc.nat(), fc.maxSafeNat()),
        value: fc.oneof(
          fc.double({ noNaN: true }).map(String),
          fc
            .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }), fc.nat(99_999_999))
            .map(([whole, part]) => `${whole}.${part}`),
        ),
      }),
      { minLength: 1, maxLength: 20 },
    ),
  })
  .map(({ labels: names, samples }) => {
    const labels = seriesLabels(names);
    // at least one, as asked for
    return samples.map((sample) => ({ ...sample, labels })) as [Sample, ...Sample[]];
  });

const someSeries = fc.uniqueArray(anySeries, { maxLength: 10, selector: ([{ labels }]) => labels.key });

test('another protobuf library reads back every label, time and value that was encoded', () => {
  fc.assert(
    fc.property(someSeries, (series) => {
      const encoded = encodeWriteRequest(series.flat());
      expect(readUncompressed(encoded)).toEqual(
        series.map((samples) => ({
          labels: pairsOf(samples[0].labels.byName),
          samples: samples.map(({ timestampMs, value }) => ({ timestampMs, value: Number(value) })),
        })),
      );
      expect(readWriteRequest(compress(encoded))).toEqual(readUncompressed(encoded));
    }),
  );
});

test('labels are sorted by name, in whatever order they are given', () => {
  const labels = { symbol: 'BTCUSDT', stage: 'total', __name__: 'x', interval: '1m', exchange: 'binance' };
  const value = { labels: seriesLabels(labels), timestampMs: 0, value: '1' };
  const [read] = readUncompressed(encodeWriteRequest([value]));
  expect(read?.labels.map(([name]) => name)).toEqual(['__name__', 'exchange', 'interval', 'stage', 'symbol']);
});
