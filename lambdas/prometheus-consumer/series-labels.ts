import { Buffer } from 'node:buffer';
import { CANDLE_METRICS, LATENCY_METRIC, LATENCY_STAGES } from '#domain/metrics.ts';
import type { LatencyStage } from '#domain/metrics.ts';
import type { Candle } from '#domain/candle.ts';

/** One series' identity, with its labels already encoded, as the same few thousand come back every minute. */
export interface SeriesLabels {
  /** Sorted by name, as remote write demands. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** The `labels` fields of a TimeSeries message. */
  readonly bytes: Uint8Array;
  /** Orders and tells apart series: no two label sets share one. */
  readonly sortKey: string;
}

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

export function seriesLabels(labels: Readonly<Record<string, string>>): SeriesLabels {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    pairs,
    bytes: Buffer.concat(pairs.map(([name, value]) => labelField(name, value))),
    sortKey: pairs.flat().join('\u0000'),
  };
}

/** Field 1 of TimeSeries: a Label of name (1) and value (2), both strings. */
function labelField(name: string, value: string): Uint8Array {
  const label = Buffer.concat([stringField(1, name), stringField(2, value)]);
  return Buffer.concat([lengthPrefix(1, label.length), label]);
}

function stringField(field: number, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([lengthPrefix(field, bytes.length), bytes]);
}

/** Tag of a length-delimited field and the length as a varint. */
function lengthPrefix(field: number, length: number): Uint8Array {
  const bytes = [(field << 3) | 2];
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) {
      bytes.push(rest);
      return Uint8Array.from(bytes);
    }
    bytes.push((rest & 0x7f) | 0x80);
  }
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
