import { CANDLE_METRICS, CONSUMER_METRICS, EXPORTER_METRICS, LATENCY_METRIC } from '#domain/metrics.ts';

/** One request to Prometheus. Times are in ms since 1970. */
export type PromQuery =
  | { readonly kind: 'instant'; readonly promql: string }
  | {
      readonly kind: 'range';
      readonly promql: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly stepSeconds: number;
    };

export type BuiltQuery = PromQuery | { readonly kind: 'refused'; readonly reason: string };

/** How far back a query may look, in minutes. Short ones refresh; an hour more than a view gives its 1 h change. */
const QUERY_RANGES = { '5m': 5, '2h': 120, '7h': 420, '25h': 1500 } as const;
export type QueryRange = keyof typeof QUERY_RANGES;

/** Each is answered by Prometheus's /api/v1/query. */
const INSTANT_QUERIES = ['candles', 'latency', 'pipeline', 'volumes'] as const;
/** Each is answered by Prometheus's /api/v1/query_range. */
const RANGE_QUERIES = ['freshness', 'latency-all'] as const;
export type InstantQuery = (typeof INSTANT_QUERIES)[number];
export type RangeQuery = (typeof RANGE_QUERIES)[number];

/** All gauges and counters of the two processes, without the one that has a series per symbol. */
const PIPELINE_METRICS = [...Object.values(EXPORTER_METRICS), ...Object.values(CONSUMER_METRICS)]
  .map((metric) => metric.name)
  .filter((name) => name !== EXPORTER_METRICS.lastCandleAge.name);

const FRESHNESS_STEP_SECONDS = 15;
const MINUTE_SECONDS = 60;

/**
 * PromQL for a named query. Nothing of the browser's text goes into it but a symbol that is made of letters,
 * digits and `_.-`, and is quoted besides.
 */
export function buildQuery(
  endpoint: 'instant' | 'range',
  parameters: URLSearchParams,
  nowMs: number,
): BuiltQuery {
  const known: readonly string[] = endpoint === 'instant' ? INSTANT_QUERIES : RANGE_QUERIES;
  const name = parameters.get('name') ?? '';
  if (!known.includes(name))
    return refused(`name: expected one of ${known.join(', ')}, got "${shown(name)}"`);
  const unknown = [...parameters.keys()].find((key) => !['name', 'symbol', 'range'].includes(key));
  if (unknown !== undefined) return refused(`expected name, symbol and range only, got "${shown(unknown)}"`);
  switch (
    name as InstantQuery | RangeQuery // it is in one of the two lists
  ) {
    case 'pipeline':
      return instant(`{__name__=~"${[...PIPELINE_METRICS, 'up'].join('|')}"}`);
    case 'volumes':
      return instant(`sum by (symbol) (sum_over_time(${CANDLE_METRICS.quoteVolume}{interval="1m"}[1h]))`);
    case 'candles':
      return withSymbol(parameters, (symbol, range) =>
        instant(`{__name__=~"${Object.values(CANDLE_METRICS).join('|')}",${ofPair(symbol)}}[${range}]`),
      );
    case 'latency':
      return withSymbol(parameters, (symbol, range) =>
        instant(`${LATENCY_METRIC}{${ofPair(symbol)}}[${range}]`),
      );
    case 'latency-all':
      return withRange(parameters, (range) => minuteEnds(allPairsLatency, range, nowMs));
    case 'freshness':
      return withSymbol(parameters, (symbol, range) => aligned(freshness(symbol), range, nowMs));
  }
}

/** A symbol as exchanges name them; letters of any script, since some listed tokens are named in Chinese. */
export const SYMBOL_PATTERN = /^[\p{L}\p{N}_.-]{1,64}$/u;

/** Start of Prometheus's list of symbols: `/api/v1/label/symbol/values` takes a selector and a time, no PromQL. */
export const SYMBOLS_SELECTOR = CANDLE_METRICS.close;
export const SYMBOLS_LOOKBACK_MS = 24 * 3_600_000;

/**
 * A candle's samples bear its close time, the last millisecond of the minute. Asked at those very instants over
 * 59 s, each minute shows its own samples or none: Prometheus's 5 min lookback can't smear an older one into it.
 */
const allPairsLatency = `quantile by (stage) (0.95, last_over_time(${LATENCY_METRIC}{interval="1m"}[59s]))`;

/** The chosen pair, and the worst of all; over the step, so that neither outlives its scrape. */
function freshness(symbol: string): string {
  const { name } = EXPORTER_METRICS.lastCandleAge;
  const over = `[${FRESHNESS_STEP_SECONDS}s]`;
  const pair = `max(max_over_time(${name}{symbol="${symbol}"}${over}))`;
  const worst = `max(max_over_time(${name}${over}))`;
  return `label_replace(${pair}, "of", "pair", "", "") or label_replace(${worst}, "of", "worst", "", "")`;
}

function minuteEnds(promql: string, range: QueryRange, nowMs: number): PromQuery {
  const lastMs = MINUTE_SECONDS * 1000;
  const endMs = Math.floor(nowMs / lastMs) * lastMs - 1;
  return { ...span(promql, range, endMs), stepSeconds: MINUTE_SECONDS };
}

function aligned(promql: string, range: QueryRange, nowMs: number): PromQuery {
  const stepMs = FRESHNESS_STEP_SECONDS * 1000;
  const endMs = Math.floor(nowMs / stepMs) * stepMs;
  return { ...span(promql, range, endMs), stepSeconds: FRESHNESS_STEP_SECONDS };
}

function span(promql: string, range: QueryRange, endMs: number) {
  return { kind: 'range', promql, startMs: endMs - QUERY_RANGES[range] * 60_000, endMs } as const;
}

function ofPair(symbol: string): string {
  return `interval="1m",symbol="${symbol}"`;
}

function withSymbol(
  parameters: URLSearchParams,
  build: (symbol: string, range: QueryRange) => BuiltQuery,
): BuiltQuery {
  const symbol = parameters.get('symbol') ?? '';
  if (!SYMBOL_PATTERN.test(symbol)) {
    return refused(`symbol: expected 1 to 64 letters, digits or _.- like BTCUSDT, got "${shown(symbol)}"`);
  }
  // The pattern leaves nothing to escape; the escaping stays true should the pattern widen.
  const escaped = symbol.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return withRange(parameters, (range) => build(escaped, range));
}

function withRange(parameters: URLSearchParams, build: (range: QueryRange) => BuiltQuery): BuiltQuery {
  const range = parameters.get('range') ?? '';
  if (!Object.hasOwn(QUERY_RANGES, range)) {
    return refused(`range: expected one of ${Object.keys(QUERY_RANGES).join(', ')}, got "${shown(range)}"`);
  }
  return build(range as QueryRange); // it is a key of the table
}

function instant(promql: string): PromQuery {
  return { kind: 'instant', promql };
}

function refused(reason: string): BuiltQuery {
  return { kind: 'refused', reason };
}

function shown(text: string): string {
  return text.slice(0, 64);
}
