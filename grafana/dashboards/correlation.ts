import { CANDLE_METRICS } from '#domain/metrics.ts';

/** The market that the others are compared with. */
export const LEADER = 'BTCUSDT';

/**
 * Pearson's correlation of the one-minute returns of each chosen symbol with the leader's, over the minutes in which both
 * have a candle and the one before: (E[xy] - E[x] E[y]) / (σx σy). By symbol; none with less than nine tenths of the
 * minutes.
 */
export function correlationTo(leader: string, minutes: number): string {
  // a subquery's both ends may count
  const range = `[${minutes * 60 - 1}s:1m]`;
  const leaders = `max(${returnsOf(`symbol="${leader}"`)})`;
  const own = `max by (symbol) (${returnsOf('symbol=~"$symbol"')})`;
  const x = `(${own} and on () ${leaders})`;
  const y = `(${own} * 0 + on () group_left () ${leaders})`;
  const mean = (of: string) => `avg_over_time((${of})${range})`;
  const deviation = (of: string) => `stddev_over_time(${of}${range})`;
  const covariance = `(${mean(`${x} * ${y}`)} - ${mean(x)} * ${mean(y)})`;
  const enough = `count_over_time(${x}${range}) >= ${Math.ceil(minutes * 0.9)}`;
  return `(${covariance} / (${deviation(x)} * ${deviation(y)} > 0) and ${enough})`;
}

/** Of the minute that just closed; none where it or the one before has no candle. */
function returnsOf(selector: string): string {
  const close = `${CANDLE_METRICS.close}{${selector}}`;
  return `last_over_time(${close}[59s]) / last_over_time(${close}[59s] offset 1m) - 1`;
}
