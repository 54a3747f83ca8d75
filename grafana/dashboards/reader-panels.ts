import * as units from '@grafana/grafana-foundation-sdk/units';
import { BATCH_METRICS, CONSUMER_METRICS, EXPORTER_METRICS, QUALITY_METRICS } from '#domain/metrics.ts';
import { bars, lines } from './graph-panel.ts';
import { growth, over } from './queries.ts';

// Panels on those who read from Kafka, and on what runs after them.

/** Exports of the warehouse's numbers are ten minutes apart, which a query does not look back by itself. */
const BETWEEN_EXPORTS = '30m';

/** As long as anything may lie between two runs of the DAG that runs least, once a day. */
const BETWEEN_RUNS = '2d';

export function groupLag() {
  return lines(
    {
      title: 'Kafka lag',
      description:
        'Candles that a group of readers has not taken yet: the metrics consumer, and the sink to the warehouse, whose group begins with connect-. Growing: it is down, or slower than the candles come.',
      unit: units.Short,
      thresholds: [[10_000, 'red']],
    },
    // two exporters that overlap say the same
    over(`max by (group) (${EXPORTER_METRICS.groupLag.name})`, '{{group}}'),
  );
}

export function deadLetters() {
  return bars(
    {
      title: 'Dead letters',
      description:
        'What could not be read (by the exporter) or landed (by the sink), as it came into the topics in which it is kept.',
      unit: units.Short,
    },
    over(`max by (topic) (${growth(EXPORTER_METRICS.deadLetters.name)})`, '{{topic}}'),
  );
}

export function metricsRefused() {
  const { dropped, poison, refused, requests } = CONSUMER_METRICS;
  return bars(
    {
      title: 'Not in the metrics',
      description:
        'What the metrics consumer could not read, what the store does not take, what it refused, and requests that failed and are sent again. On AWS CloudWatch has these numbers: see its operations dashboard.',
      unit: units.Short,
    },
    over(`sum by (reason) (${growth(poison.name)})`, 'unreadable: {{reason}}'),
    over(`sum by (reason) (${growth(dropped.name)})`, 'too old or new: {{reason}}'),
    over(`sum by (reason) (${growth(refused.name)})`, 'refused: {{reason}}'),
    over(`sum by (outcome) (${growth(`${requests.name}{outcome!="stored"}`)})`, 'request {{outcome}}'),
  );
}

export function landingAge() {
  return lines(
    {
      title: 'Since the last landed row',
      description:
        'Age of the newest row of each partition when the warehouse was last asked. Above ten minutes the sink does not land.',
      unit: units.Seconds,
      thresholds: [[600, 'red']],
    },
    over(
      `max by (partition) (last_over_time(${QUALITY_METRICS.lastLandingAge.name}[${BETWEEN_EXPORTS}]))`,
      'partition {{partition}}',
    ),
  );
}

export function dagRuns() {
  return lines(
    {
      title: 'Since the last run',
      description:
        'Time since a run of each DAG came to its end: ten minutes apart for market_models, an hour for heal_gaps, a day for history_reconcile.',
      unit: units.Seconds,
    },
    over(
      `time() - max by (dag) (last_over_time(${BATCH_METRICS.dagRunTime.name}[${BETWEEN_RUNS}]))`,
      '{{dag}}',
    ),
  );
}

export function dbtResults() {
  return lines(
    {
      title: 'dbt tests and models not well',
      description:
        'Of the last build of each DAG: tests that found wrong data (fail) or warn, and models and tests that did not run through.',
      unit: units.Short,
      thresholds: [[1, 'red']],
    },
    over(
      `max by (dag, status) (last_over_time(${BATCH_METRICS.dbtResults.name}{status!~"success|pass"}[${BETWEEN_RUNS}]))`,
      '{{dag}}: {{status}}',
    ),
  );
}
