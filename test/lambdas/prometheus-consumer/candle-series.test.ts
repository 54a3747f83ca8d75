import { expect, test } from 'vitest';
import { pairsOf } from '#remote-write/series-labels.ts';
import { createSeriesCache } from '#lambdas/prometheus-consumer/candle-series.ts';

test('labels are in the order of their names, with the metric among them', () => {
  const series = createSeriesCache()({ exchange: 'binance', symbol: 'BTCUSDT', interval: '1m' });
  expect(pairsOf(series.gauges.close.byName)).toEqual([
    ['__name__', 'crypto_candle_close_price'],
    ['exchange', 'binance'],
    ['interval', '1m'],
    ['symbol', 'BTCUSDT'],
  ]);
  expect(pairsOf(series.latency.total.byName).map(([name]) => name)).toEqual([
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
