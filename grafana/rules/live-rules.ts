import { CANDLE_METRICS, EXPORTER_METRICS, LATENCY_METRIC, LATENCY_STAGES } from '#domain/metrics.ts';
import { critical, dashboardPath, urlLabel, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';
import { above, absentFor } from './shapes.ts';

const HEALTH = dashboardPath('crypto-pipeline-health');

const LATENCY_P95 = 'stage:crypto_candle_latency_seconds:p95';
const NEWEST = 'pipeline:crypto_candle_close_timestamp:max';

/** Whether what is on the page is of now. */
export const LIVE_RULES: RuleGroup = {
  name: 'crypto-live',
  interval: '1m',
  rules: [
    { record: LATENCY_P95, expr: `quantile by (stage) (0.95, ${LATENCY_METRIC})` },
    // its own samples are of when it was asked, so it tells what arrives, be it late
    { record: NEWEST, expr: `max(max_over_time(timestamp(${CANDLE_METRICS.close})[1h:1m]))` },
    critical({
      name: 'CandlesStopped',
      // what is behind and moves catches up
      expr: `${absentFor(CANDLE_METRICS.close, '5m')} unless on () changes(${NEWEST}[5m]) > 0`,
      forMinutes: 3,
      summary: 'no candle of any symbol arrived within 5 minutes',
      description:
        'The whole live half stands still. See whether the exporter runs and publishes, then the consumer: errors and lag.',
      dashboard: HEALTH,
      runbook: 'data',
    }),
    warning({
      name: 'SymbolStale',
      expr: above(EXPORTER_METRICS.lastCandleAge.name, 300, { by: ['symbol'] }),
      forMinutes: 5,
      summary: 'the last candle of {{ $labels.symbol }} closed {{ $value | humanizeDuration }} ago',
      description:
        'The exchange closes one each minute, without trades too. It may have halted the symbol, or delists it; other symbols go on.',
      dashboard: dashboardPath('crypto-market-live', { symbol: urlLabel('symbol') }),
      runbook: 'data',
    }),
    warning({
      name: 'SymbolNotStored',
      // reads back what whoever wrote it was told is stored
      expr: `min by (symbol) (${EXPORTER_METRICS.lastCandleAge.name}) < 300 unless on (symbol) present_over_time(${CANDLE_METRICS.close}[10m])`,
      forMinutes: 5,
      summary:
        'the store has had no candle of {{ $labels.symbol }} for 10 minutes, and the exporter has its newest',
      description:
        'They are in Kafka and the warehouse. See whether the consumer waits for one partition or keeps them aside; else the store says yes to samples that it does not keep.',
      dashboard: HEALTH,
      runbook: 'data',
    }),
    warning({
      name: 'LiveLatencyHigh',
      expr: `${LATENCY_P95}{stage="${LATENCY_STAGES.total}"} > 15`,
      forMinutes: 10,
      summary: 'from close to metrics the slowest twentieth of symbols takes {{ $value | humanizeDuration }}',
      description: 'See which stage of the latency grew: exchange, network, publish or consume.',
      dashboard: HEALTH,
      runbook: 'data',
    }),
  ],
};
