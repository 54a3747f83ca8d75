import { CANDLE_METRICS } from '#domain/metrics.ts';
import { dashboardPath, info, urlLabel, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';
import { MARKET_RECORDINGS } from './market-metrics.ts';

const { close, quoteVolume } = CANDLE_METRICS;
const { return5m, deviation24h } = MARKET_RECORDINGS;

/** Coins that promise to be worth one US dollar, by what Binance calls them, and those that stand for one beside them. */
const PEGGED = ['USDC', 'FDUSD', 'TUSD', 'USDP', 'DAI', 'USDE', 'USD1', 'RLUSD'];
const DOLLARS = ['USDT', 'USDC', 'FDUSD', 'USD'];

/** A return of five minutes that is normal: that of a minute times the root of five, as if minutes knew nothing of each other. */
const USUAL_RETURN = `(${Math.sqrt(5)} * ${deviation24h.name})`;

/** Six hours of candles say what is usual. */
const usualVolume = `5 * (avg_over_time(${quoteVolume}[24h]) and count_over_time(${quoteVolume}[24h]) >= 360)`;
const VOLUME_5M = `sum by (symbol) (sum_over_time(${quoteVolume}[5m]))`;

const ofSymbol = dashboardPath('crypto-market-live', { symbol: urlLabel('symbol') });

/**
 * The market itself: eight recordings, which are as many samples by symbol and minute (346 million a month for 1,000
 * symbols), and news that nobody has to act upon.
 */
export const MARKET_RULES: RuleGroup = {
  name: 'crypto-market',
  interval: '1m',
  rules: [
    ...Object.values(MARKET_RECORDINGS).map(({ name, expr }) => ({ record: name, expr })),
    info({
      name: 'PriceMoved',
      expr: `abs(${return5m.name}) / ${USUAL_RETURN} > 6 and 100 * abs(${return5m.name}) > 1`,
      forMinutes: 0,
      summary:
        '{{ $labels.symbol }} moved six times its usual five minutes: {{ $value | printf "%.1f" }} sigma',
      description:
        "The price is more than one percent, and six of its day's standard deviations, from where it was five minutes ago.",
      dashboard: ofSymbol,
      runbook: 'market',
    }),
    info({
      name: 'VolumeSpike',
      expr: `${VOLUME_5M} / sum by (symbol) (${usualVolume}) > 10 and ${VOLUME_5M} > 100000`,
      forMinutes: 0,
      summary: '{{ $labels.symbol }} is traded {{ $value | printf "%.1f" }} times as much as usual',
      description: 'Volume of the last five minutes against the average of the last day, in the quote asset.',
      dashboard: ofSymbol,
      runbook: 'market',
    }),
    warning({
      name: 'PegLost',
      expr: `1000 * abs(max by (symbol) (${close}{symbol=~"(${PEGGED.join('|')})(${DOLLARS.join('|')})"}) - 1) > 5`,
      forMinutes: 5,
      summary: '{{ $labels.symbol }} is {{ $value | humanize }} per mille off one dollar',
      description:
        'A coin that promises to be worth a dollar is not. What is quoted in it has moved too, without having moved.',
      dashboard: ofSymbol,
      runbook: 'market',
    }),
  ],
};
