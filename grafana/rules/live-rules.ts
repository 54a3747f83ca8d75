import { CANDLE_METRICS, EXPORTER_METRICS, LATENCY_METRIC, LATENCY_STAGES } from '#domain/metrics.ts';
import { critical, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';

/** `exporter` is the exporter's job in `up`. Two of its tasks overlap while a new version rolls out, so all is over tasks. */
const EXPORTER_UP = 'up{job="ohlc-exporter"}';
const LATENCY_P95 = 'stage:crypto_candle_latency_seconds:p95';

const { lastCandleAge, connections, publishFailures, deadLettersLost, rejected, holesLeft, clockOffset } =
  EXPORTER_METRICS;

/** The path of seconds: from the exchange to the metrics store. */
export const LIVE_RULES: RuleGroup = {
  name: 'crypto-live',
  interval: '1m',
  rules: [
    { record: LATENCY_P95, expr: `quantile by (stage) (0.95, ${LATENCY_METRIC})` },
    critical({
      name: 'CandlesStopped',
      expr: `absent_over_time(${CANDLE_METRICS.close}[5m])`,
      forMinutes: 1,
      summary: 'no candle of any symbol arrived within 5 minutes',
      action: "see whether the exporter runs and publishes, then the consumer function's errors and lag",
    }),
    critical({
      name: 'ExporterDown',
      expr: `absent(${EXPORTER_UP} == 1)`,
      forMinutes: 5,
      summary: 'no exporter answers',
      action: "see the service's events and the log of its last task",
    }),
    critical({
      name: 'ExporterDisconnected',
      expr: `max(${connections.name}) == 0`,
      forMinutes: 3,
      summary: 'the exporter has no connection to the exchange',
      action: "see the reasons of reconnects in the exporter's log, and the exchange's status page",
    }),
    warning({
      name: 'SymbolsStale',
      expr: `count(min by (symbol) (${lastCandleAge.name}) > 300) > 0`,
      forMinutes: 5,
      summary:
        '{{ $value }} symbols without a candle for 5 minutes, though the exchange closes one each minute',
      action: 'see which symbols are old on the page of the exporter, and whether the exchange halted them',
    }),
    warning({
      name: 'LiveLatencyHigh',
      expr: `${LATENCY_P95}{stage="${LATENCY_STAGES.total}"} > 15`,
      forMinutes: 10,
      summary: 'from close to metrics the slowest twentieth of symbols takes {{ $value | humanizeDuration }}',
      action: 'see which stage of the latency grew: exchange, network, publish or consume',
    }),
    warning({
      name: 'PublishFailing',
      expr: `sum(increase(${publishFailures.name}[10m])) > 5`,
      forMinutes: 5,
      summary: 'Kafka did not acknowledge {{ $value | humanize }} batches within 10 minutes',
      action: 'see whether a broker restarts or a disk is full; the exporter goes on trying',
    }),
    critical({
      name: 'DeadLettersLost',
      expr: `sum(increase(${deadLettersLost.name}[1h])) > 0`,
      forMinutes: 0,
      summary:
        '{{ $value | humanize }} unreadable frames are lost, since not even the dead-letter queue had room',
      action: "see the exporter's log for what the frames are, and Kafka for why it took none",
    }),
    warning({
      name: 'FramesUnreadable',
      expr: `sum by (reason) (increase(${rejected.name}[15m])) > 0`,
      forMinutes: 0,
      summary: '{{ $value | humanize }} frames or rows could not be read: {{ $labels.reason }}',
      action: 'read the dead-letter topic: the exchange may have changed its format',
    }),
    warning({
      name: 'MinutesLeftToArchive',
      expr: `sum(increase(${holesLeft.name}[1h])) > 0`,
      forMinutes: 0,
      summary: '{{ $value | humanize }} missing minutes were given up by the exporter',
      action: 'see whether the next healing run of the archive loader fills them',
    }),
    warning({
      name: 'ClockOff',
      expr: `min(abs(${clockOffset.name})) > 2`,
      forMinutes: 10,
      summary: "the exporter's clock is {{ $value | humanizeDuration }} off the exchange's",
      action: 'see whether the exchange answers /api/v3/time slowly; a new task has another clock',
    }),
  ],
};
