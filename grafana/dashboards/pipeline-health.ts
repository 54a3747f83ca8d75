import * as units from '@grafana/grafana-foundation-sdk/units';
import { EXPORTER_METRICS, LATENCY_METRIC, LATENCY_STAGES } from '#domain/metrics.ts';
import { bars, lines } from './graph-panel.ts';
import { latencyByStage, latencyHeat, latencyQuantiles, slowestSymbols } from './latency-panels.ts';
import { line, section } from './page.ts';
import type { Page } from './page.ts';
import { growth, over, rate } from './queries.ts';
import { dagRuns, dbtResults, deadLetters, groupLag, landingAge, metricsRefused } from './reader-panels.ts';
import { stat } from './stat-panel.ts';
import { labelsVariable } from './variables.ts';

const { total } = LATENCY_STAGES;
const metric = (name: keyof typeof EXPORTER_METRICS) => EXPORTER_METRICS[name].name;

/** Whether candles come, all of them, and in time. */
export const pipelineHealth: Page = {
  uid: 'crypto-pipeline-health',
  title: 'Pipeline health',
  description: 'From the exchange to the metrics: does every candle come, and how long after it closed.',
  from: 'now-3h',
  refresh: '30s',
  variables: [
    labelsVariable('symbol', metric('lastCandleAge'), {
      title: 'Symbol',
      description: 'Whose times are shown under Time; everything else is of all symbols',
    }),
  ],
  sections: [
    section('Now', line(4, oldestCandle(), latencyNow(), missingNow(), connections(), publishQueue())),
    section('Time', line(9, latencyByStage(), latencyHeat()), line(9, latencyQuantiles(), slowestSymbols())),
    section('Readers', line(8, groupLag(), deadLetters(), metricsRefused())),
    section('Exchange', line(8, received(), disconnections(), requestWeight())),
    section('Completeness', line(8, missingMinutes(), failures(), clockOffset())),
    section('Warehouse', line(8, landingAge(), dagRuns(), dbtResults())),
  ],
};

function oldestCandle() {
  return stat(
    {
      title: 'Oldest last candle',
      description:
        'Time since the last closed candle of the symbol that waits longest. Above two minutes a symbol is silent: the panel below says which.',
      unit: units.Seconds,
      thresholds: [
        [75, 'yellow'],
        [120, 'red'],
      ],
    },
    over(`max(min by (symbol) (${metric('lastCandleAge')}))`),
  ).decimals(0);
}

function latencyNow() {
  return stat(
    {
      title: 'Close to metric, 99 of 100',
      description: 'From the close of a candle to its write to the metrics store, for 99 of 100 symbols.',
      unit: units.Seconds,
      thresholds: [
        [5, 'yellow'],
        [30, 'red'],
      ],
    },
    over(`quantile(0.99, ${LATENCY_METRIC}{stage="${total}"})`),
  ).decimals(1);
}

function missingNow() {
  return stat(
    {
      title: 'Missing minutes',
      description: 'Minutes found missing and not filled yet. They are filled from REST; none should stay.',
      unit: units.Short,
      thresholds: [
        [1, 'yellow'],
        [30, 'red'],
      ],
    },
    over(`sum(${metric('holesOpen')})`),
  );
}

function connections() {
  return stat(
    {
      title: 'Connections',
      description: "Open WebSocket connections to the exchange. None: the exporter's log says why.",
      unit: units.Short,
      thresholds: [[1, 'green']],
      below: 'red',
      noValue: 'exporter silent',
    },
    over(`sum(${metric('connections')})`),
  );
}

function publishQueue() {
  return stat(
    {
      title: 'Waiting for Kafka',
      description: 'Candles that Kafka has not acknowledged yet. Growing: brokers are away or throttled.',
      unit: units.Short,
      thresholds: [
        [1_000, 'yellow'],
        [10_000, 'red'],
      ],
    },
    over(`sum(${metric('publishQueue')})`),
  );
}

function received() {
  return lines(
    {
      title: 'Received',
      description: 'Frames from the exchange, and closed candles by where they came from: REST fills holes.',
      unit: units.CountsPerSecond,
    },
    over(`sum(${rate(metric('frames'))})`, 'frames'),
    over(`sum by (source) (${rate(metric('closedCandles'))})`, 'candles by {{source}}'),
  );
}

function disconnections() {
  return bars(
    {
      title: 'Connections replaced',
      description:
        'Lost and opened anew, by reason; and rotations, which the exchange asks for once a day and lose nothing.',
      unit: units.Short,
    },
    over(`sum by (reason) (${growth(metric('reconnects'))})`, 'lost: {{reason}}'),
    over(`sum by (reason) (${growth(metric('rotations'))})`, 'rotated: {{reason}}'),
  );
}

function requestWeight() {
  return lines(
    {
      title: 'REST weight',
      description:
        'Request weight of the current minute as the exchange counts it; above 6,000 it answers 429.',
      unit: units.Short,
      thresholds: [[6_000, 'red']],
    },
    over(`max(${metric('restWeight')})`, 'weight'),
  );
}

function missingMinutes() {
  return bars(
    {
      title: 'Missing minutes',
      description:
        'Found missing, filled from REST, and left to the archive, which the warehouse fills them from.',
      unit: units.Short,
    },
    over(`sum(${growth(metric('holesFound'))})`, 'found'),
    over(`sum(${growth(metric('holesFilled'))})`, 'filled'),
    over(`sum(${growth(metric('holesLeft'))})`, 'left to the archive'),
  );
}

function failures() {
  return bars(
    {
      title: 'Refused and unreadable',
      description:
        'Batches that Kafka did not acknowledge, which are sent again; and what could not be read, which lies in the dead-letter topic.',
      unit: units.Short,
    },
    over(`sum(${growth(metric('publishFailures'))})`, 'not acknowledged'),
    over(`sum by (reason) (${growth(metric('rejected'))})`, 'unreadable: {{reason}}'),
    over(`sum(${growth(metric('deadLettersLost'))})`, 'lost dead letters'),
  );
}

function clockOffset() {
  return lines(
    {
      title: 'Clock',
      description: "The exchange's clock minus the exporter's. Latencies are wrong by as much.",
      unit: units.Seconds,
    },
    over(`avg(${metric('clockOffset')})`, 'offset'),
  );
}
