import { CANDLE_METRICS } from '#domain/metrics.ts';

const { close, quoteVolume, baseVolume } = CANDLE_METRICS;

/** Recorded once a minute by symbol, as `level:metric:operation`: what panels and alerts ask of all symbols. */
export const MARKET_RECORDINGS = {
  /**
   * Of the newest closed minute against the one before, and none where either is missing. Asked a quarter of a minute
   * late, as a candle needs seconds to come.
   */
  return1m: recording(`${close}:return_1m`, `${ofMinute(close, '15s')} / ${ofMinute(close, '75s')} - 1`),
  return5m: recording(`${close}:return_5m`, `${bySymbol(close)} / ${bySymbol(close, '5m')} - 1`),
  return1h: recording(`${close}:return_1h`, `${bySymbol(close)} / ${bySymbol(close, '1h')} - 1`),
  return24h: recording(`${close}:return_24h`, `${bySymbol(close)} / ${bySymbol(close, '24h')} - 1`),
  /** Of the returns of a minute, not annualised; of at least two hours. */
  deviation24h: recording(
    `${close}:return_1m_stddev_24h`,
    `stddev_over_time(symbol:${close}:return_1m[24h]) and count_over_time(symbol:${close}:return_1m[24h]) >= 120`,
  ),
  vwap5m: recording('crypto_candle_close_price:vwap_5m', vwapOver('5m')),
  vwap1h: recording('crypto_candle_close_price:vwap_1h', vwapOver('1h')),
  volume1h: recording(`${quoteVolume}:sum_1h`, sumOver(quoteVolume, '1h')),
} as const;

function recording(name: string, expr: string) {
  return { name: `symbol:${name}`, expr };
}

function bySymbol(metric: string, offset?: string): string {
  return `max by (symbol) (${metric}${offset === undefined ? '' : ` offset ${offset}`})`;
}

/** Of the candle that closed within the minute that ended so long ago, wherever in its minute a rule is asked. */
function ofMinute(metric: string, ago: string): string {
  return `max by (symbol) (last_over_time(${metric}[1m] offset ${ago}))`;
}

function sumOver(metric: string, range: string): string {
  return `sum by (symbol) (sum_over_time(${metric}[${range}]))`;
}

/** Exact over all trades: what was paid, by what was got. */
function vwapOver(range: string): string {
  return `${sumOver(quoteVolume, range)} / (${sumOver(baseVolume, range)} > 0)`;
}
