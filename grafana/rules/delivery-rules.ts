import { CONSUMER_METRICS, EXPORTER_METRICS } from '#domain/metrics.ts';
import { METRICS_CONSUMER_GROUP, SINK_GROUP_PREFIX } from '#domain/topics.ts';
import { critical, dashboardPath, warning } from './alert.ts';
import type { RuleGroup } from './alert.ts';
import { above, growing, happened } from './shapes.ts';

const HEALTH = dashboardPath('crypto-pipeline-health');
const { groupLag, deadLetters, lastCandleAge, corrections } = EXPORTER_METRICS;
const { refused, poison } = CONSUMER_METRICS;

/** What the exchange closes in a minute. */
const A_MINUTE = `scalar(count(count by (symbol) (${lastCandleAge.name})))`;

/** From Kafka to the metrics and to the landing tables. */
export const DELIVERY_RULES: RuleGroup = {
  name: 'crypto-delivery',
  interval: '1m',
  rules: [
    critical({
      name: 'ConsumerLagGrowing',
      expr: growing(`${groupLag.name}{group="${METRICS_CONSUMER_GROUP}"}`, {
        above: `5 * ${A_MINUTE}`,
        within: '5m',
        by: ['group'],
      }),
      forMinutes: 5,
      summary: '{{ printf "%.0f" $value }} candles wait for {{ $labels.group }}, and they become more',
      description:
        'The metrics fall behind. After an hour they take a candle no more, and it is in the warehouse only. See what the consumer says last.',
      dashboard: HEALTH,
      runbook: 'delivery',
    }),
    warning({
      name: 'ConnectLagging',
      expr: above(`${groupLag.name}{group=~"${SINK_GROUP_PREFIX}.+"}`, `30 * ${A_MINUTE}`, {
        by: ['group'],
      }),
      forMinutes: 15,
      summary: '{{ printf "%.0f" $value }} candles wait for the warehouse in {{ $labels.group }}',
      description:
        'Kafka Connect is half an hour behind or more, and so are the tables. Nothing is lost before the retention of the topic. See the state of its task.',
      dashboard: HEALTH,
      runbook: 'delivery',
    }),
    warning({
      name: 'DeadLetters',
      // Kafka counts, so exporters that overlap tell the same
      expr: happened(deadLetters.name, { within: '15m', by: ['topic'], counted: 'once' }),
      forMinutes: 0,
      summary: '{{ printf "%.0f" $value }} records came to {{ $labels.topic }} within 15 minutes',
      description:
        'They are not where they should be, but kept with the reason in their headers. Read those first; neighbours are not held up.',
      dashboard: HEALTH,
      runbook: 'delivery',
    }),
    warning({
      name: 'SamplesRefused',
      expr: happened(`${refused.name}{reason!="conflict"}`, { within: '15m', by: ['reason'] }),
      forMinutes: 0,
      summary:
        'the metrics store refused {{ printf "%.0f" $value }} samples within 15 minutes: {{ $labels.reason }}',
      description:
        'Their candles are in Kafka and the warehouse, and kept aside with what the store said. Others of the same request are stored.',
      dashboard: HEALTH,
      runbook: 'delivery',
    }),
    warning({
      name: 'ValuesConflict',
      // the store refuses another value for its newest minute only; of an older one the exporter alone can tell
      expr: [`${refused.name}{reason="conflict"}`, corrections.name]
        .map((counter) => happened(counter, { within: '15m' }))
        .join(' or '),
      forMinutes: 0,
      summary:
        '{{ printf "%.0f" $value }} samples or candles came with other values than the first for their time',
      description:
        'The metrics keep the first values of the newest minute, and show the last of an older one; in the warehouse REST and the archive win. The exchange corrected a candle, or two writers differ.',
      dashboard: HEALTH,
      runbook: 'delivery',
    }),
    warning({
      name: 'RecordsRejected',
      expr: happened(poison.name, { within: '15m', by: ['reason'] }),
      forMinutes: 0,
      summary: '{{ printf "%.0f" $value }} records of the topic are no candles: {{ $labels.reason }}',
      description:
        'The consumer kept them aside, with topic, partition and offset. Something else than the exporter writes to the topic, or it runs in another version.',
      dashboard: HEALTH,
      runbook: 'delivery',
    }),
  ],
};
