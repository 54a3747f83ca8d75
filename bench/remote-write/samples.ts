/** Series of the shape of the pipeline's gauges, and their values: a pure function of both, so that a sum proves them. */
export const FIRST_TIME_MS = Date.UTC(2025, 9, 29);
export const METRIC_NAMES = ['open', 'high', 'low', 'close', 'base_volume', 'quote_volume'] as const;

/** A request of Amazon Managed Prometheus may have 1 MB: that many series of this kind stay below it. */
export const SERIES_PER_REQUEST = 5000;

export function labelsOf(series: number): Readonly<Record<string, string>> {
  const metric = METRIC_NAMES[series % METRIC_NAMES.length] ?? '';
  const symbol = `BENCH${String(Math.floor(series / METRIC_NAMES.length)).padStart(5, '0')}USDT`;
  return { __name__: `crypto_candle_${metric}`, exchange: 'binance', interval: '1m', symbol };
}

/** Four times it is a whole number. */
export function valueOf(series: number, round: number): string {
  return VALUES[4 * ((series * 31 + round * 17) % WHOLES) + ((series + round) % 4)] ?? '';
}

const WHOLES = 1000;
/** Written beforehand, as a candle's are when it comes. */
const VALUES = Array.from({ length: 4 * WHOLES }, (_, index) => (30_000 + index / 4).toFixed(2));

export function timeOf(round: number): number {
  return FIRST_TIME_MS + round * 60_000;
}

export function expectedCounts(series: number, rounds: number) {
  let quarters = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (let one = 0; one < series; one += 1) quarters += Number(valueOf(one, round)) * 4;
  }
  return { samples: series * rounds, series, quarters };
}
