import { CANDLE_METRICS, LATENCY_METRIC, LATENCY_STAGES } from '#domain/metrics.ts';
import type { LatencyStage } from '#domain/metrics.ts';
import type { Candle } from '#domain/candle.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import type { SeriesLabels } from '#remote-write/series-labels.ts';

export type CandleMetric = keyof typeof CANDLE_METRICS;

/** All series that one symbol's candles feed. */
interface SymbolSeries {
  readonly gauges: Readonly<Record<CandleMetric, SeriesLabels>>;
  readonly latency: Readonly<Record<LatencyStage, SeriesLabels>>;
}

export type SeriesOf = (candle: Pick<Candle, 'exchange' | 'symbol' | 'interval'>) => SymbolSeries;

/** 14 series of about 110 bytes each, so some 20 MB; the exchange lists under 4,000 symbols. */
const MAX_CACHED_SYMBOLS = 10_000;

/** A symbol's series, built at the first call and remembered. */
export function createSeriesCache(maxSymbols = MAX_CACHED_SYMBOLS): SeriesOf {
  const cache = new Map<string, SymbolSeries>();
  return (candle) => {
    const key = `${candle.exchange}/${candle.interval}/${candle.symbol}`;
    const cached = cache.get(key);
    if (cached) return cached;
    // Past the bound something invents symbols; forgetting all costs one rebuild and keeps memory flat.
    if (cache.size >= maxSymbols) cache.clear();
    const series = buildSymbolSeries(candle);
    cache.set(key, series);
    return series;
  };
}

function buildSymbolSeries(candle: Pick<Candle, 'exchange' | 'symbol' | 'interval'>): SymbolSeries {
  const { exchange, interval, symbol } = candle;
  return {
    gauges: mapValues(CANDLE_METRICS, (name) => seriesLabels({ __name__: name, exchange, interval, symbol })),
    latency: mapValues(LATENCY_STAGES, (stage) =>
      seriesLabels({ __name__: LATENCY_METRIC, exchange, interval, stage, symbol }),
    ),
  };
}

function mapValues<K extends string, V, R>(
  table: Readonly<Record<K, V>>,
  map: (value: V) => R,
): Record<K, R> {
  // The keys are those of the table, which Object.entries widens to string.
  return Object.fromEntries(Object.entries<V>(table).map(([key, value]) => [key, map(value)])) as Record<
    K,
    R
  >;
}
