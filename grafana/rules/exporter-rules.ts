import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { critical, dashboardPath, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';
import { above, happened } from './shapes.ts';

/** Its job in `up`. Two of its tasks overlap while a new version rolls out, so all is over tasks. */
const EXPORTER_UP = 'up{job="ohlc-exporter"}';
const HEALTH = dashboardPath('crypto-pipeline-health');

const { connections, frames, reconnects, publishFailures, clockOffset } = EXPORTER_METRICS;
const { deadLettersLost, rejected, holesLeft, holesOpen } = EXPORTER_METRICS;

/** A task that is replaced is another series, a process that starts again in its place the same one from 0. */
const LIVES = `count(last_over_time(${frames.name}[1h])) + sum(resets(${frames.name}[1h]))`;

/** From the exchange to Kafka. */
export const EXPORTER_RULES: RuleGroup = {
  name: 'crypto-exporter',
  interval: '1m',
  rules: [
    critical({
      name: 'ExporterDown',
      expr: `absent(${EXPORTER_UP} == 1)`,
      forMinutes: 5,
      summary: 'no exporter answers',
      description:
        'No candle comes from the exchange. Minutes that close meanwhile are filled from REST once it is back; see why the last task ended.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    critical({
      name: 'ExporterDisconnected',
      expr: `max(${connections.name}) == 0`,
      forMinutes: 3,
      summary: 'the exporter has no connection to the exchange',
      description:
        'It runs and tries again, and fills what closes meanwhile. See the reasons of reconnects in its log, and the status page of the exchange.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    warning({
      name: 'ExporterRestarting',
      // two deployments within the hour are three lives
      expr: `${LIVES} > 4`,
      forMinutes: 5,
      summary: 'the exporter began {{ printf "%.0f" $value }} times within an hour',
      description:
        'Each start reads back from Kafka and fills from REST, so nothing is lost yet. See the last words of the tasks that ended.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    warning({
      name: 'ExporterReconnecting',
      expr: happened(reconnects.name, { within: '30m', over: 5, by: ['reason'] }),
      forMinutes: 5,
      summary:
        'connections were lost {{ printf "%.0f" $value }} times within 30 minutes: {{ $labels.reason }}',
      description:
        'Each loss leaves minutes to be filled from REST. The planned rotation each day is not counted. See network, and the status page of the exchange.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    warning({
      name: 'PublishFailing',
      expr: happened(publishFailures.name, { within: '10m', over: 5 }),
      forMinutes: 5,
      summary: 'Kafka did not acknowledge {{ printf "%.0f" $value }} batches within 10 minutes',
      description:
        'The exporter goes on trying, and keeps 20,000 candles; then the rest is filled from REST. See whether a broker restarts or a disk is full.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    critical({
      name: 'DeadLettersLost',
      expr: happened(deadLettersLost.name, { within: '1h' }),
      forMinutes: 0,
      summary:
        '{{ printf "%.0f" $value }} unreadable frames are lost, since not even the dead-letter queue had room',
      description:
        'Their bytes are nowhere any more. The minutes that they held are found missing, and filled from REST.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    warning({
      name: 'FramesRejected',
      expr: happened(rejected.name, { within: '15m', by: ['reason'] }),
      forMinutes: 0,
      summary: '{{ printf "%.0f" $value }} frames or rows could not be read: {{ $labels.reason }}',
      description:
        'They lie in the dead-letter topic with reason and bytes. The exchange may have changed its format.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    warning({
      name: 'MinutesOpen',
      expr: above(`${holesOpen.name}{class="pending"}`, 0),
      forMinutes: 30,
      summary: '{{ $value }} missing minutes have not been filled for half an hour',
      description:
        'The exporter found them missing and asks the exchange for them without success. See its REST requests by outcome.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    warning({
      name: 'MinutesLeftToArchive',
      expr: happened(holesLeft.name, { within: '1h' }),
      forMinutes: 0,
      summary: '{{ printf "%.0f" $value }} missing minutes were given up by the exporter',
      description:
        'They never come to the metrics. The archive loader fills them in the warehouse, within an hour or with the archive of the next day.',
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
    warning({
      name: 'ClockOff',
      // one that is being set, or a replay that catches up, moves; one that is off stays so
      expr: `min(abs(${clockOffset.name})) > 2 and max(abs(deriv(${clockOffset.name}[5m]))) < 0.1`,
      forMinutes: 10,
      summary: "the exporter's clock is {{ $value | humanizeDuration }} off the exchange's",
      description:
        "Candles are right, as the exchange's time is used; latencies are not. See whether the exchange answers /api/v3/time slowly; a new task has another clock.",
      dashboard: HEALTH,
      runbook: 'exporter',
    }),
  ],
};
