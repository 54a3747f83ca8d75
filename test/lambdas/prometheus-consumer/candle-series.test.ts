import { expect, test } from 'vitest';
import { encodeWriteRequest } from '#remote-write/encode-write-request.ts';
import type { SeriesLabels } from '#remote-write/series-labels.ts';
import { readUncompressed } from '#test/remote-write/write-request.ts';
import { createSeriesCache } from '#lambdas/prometheus-consumer/candle-series.ts';

/** In the order of the bytes. */
function labelsSent(labels: SeriesLabels) {
  const [read] = readUncompressed(encodeWriteRequest([{ labels, timestampMs: 0, value: '1' }]));
  return read?.labels ?? [];
}

test('labels are in the order of their names, with the metric among them', () => {
  const series = createSeriesCache()({ exchange: 'binance', symbol: 'BTCUSDT', interval: '1m' });
  expect(labelsSent(series.gauges.close)).toEqual([
    ['__name__', 'crypto_candle_close_price'],
    ['exchange', 'binance'],
    ['interval', '1m'],
    ['symbol', 'BTCUSDT'],
  ]);
  expect(labelsSent(series.latency.total).map(([name]) => name)).toEqual([
    '__name__',
    'exchange',
    'interval',
    'stage',
    'symbol',
  ]);
});

test('the cache gives the same bytes for the same symbol, and forgets all when too many symbols come', () => {
  const seriesOf = createSeriesCache(2);
  const symbol = (name: string) => seriesOf({ exchange: 'binance', symbol: name, interval: '1m' });
  const first = symbol('AUSDT');
  symbol('BUSDT');
  expect(symbol('AUSDT')).toBe(first);
  symbol('CUSDT');
  expect(symbol('AUSDT')).not.toBe(first);
  expect(symbol('AUSDT')).toEqual(first);
});
