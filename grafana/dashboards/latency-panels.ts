import * as units from '@grafana/grafana-foundation-sdk/units';
import { EXPORTER_METRICS, LATENCY_METRIC, LATENCY_STAGES } from '#domain/metrics.ts';
import { lines } from './graph-panel.ts';
import { heatmap } from './heatmap-panel.ts';
import { over } from './queries.ts';

// Panels on how long candles of the chosen symbols take, and on symbols that wait for one.

const CHOSEN = 'symbol=~"$symbol"';
const TOTAL = `${LATENCY_METRIC}{stage="${LATENCY_STAGES.total}",${CHOSEN}}`;

export function latencyByStage() {
  return lines(
    {
      title: 'Latency by stage',
      description:
        'The way of the slowest candle in 100, part by part: exchange until it is sent, network until it is here, publish until Kafka has it, consume until the metrics have it. Below zero a clock is behind.',
      unit: units.Seconds,
    },
    over(`quantile by (stage) (0.99, ${LATENCY_METRIC}{${CHOSEN}})`, '{{stage}}'),
  );
}

export function latencyQuantiles() {
  return lines(
    {
      title: 'Close to metric',
      description:
        'From the close of a candle to its write to the metrics store: the middle symbol, 95 of 100 and 99 of 100.',
      unit: units.Seconds,
      thresholds: [[30, 'red']],
    },
    ...[0.5, 0.95, 0.99].map((quantile) => over(`quantile(${quantile}, ${TOTAL})`, `${quantile * 100} %`)),
  );
}

export function latencyHeat() {
  return heatmap(
    {
      title: 'Latency of each candle',
      description:
        'How many candles took how long from close to metric; in steps of over a minute the slowest of each symbol. A second band above the first: a part of the symbols is late, which no quantile shows. 0 and less, which a clock behind brings, is left out.',
      unit: units.Seconds,
    },
    // each candle once: a shorter step would repeat it, and a query by itself repeats the one before a missing minute
    over(`max by (symbol) (max_over_time(${TOTAL}[$__interval]))`, '{{symbol}}').interval('1m'),
  );
}

export function slowestSymbols() {
  return lines(
    {
      title: 'Symbols that wait longest',
      description: 'Time since the last closed candle, of the five symbols where it is longest.',
      unit: units.Seconds,
      thresholds: [[120, 'red']],
    },
    // of two exporters that overlap, the one that had a candle last
    over(`topk(5, min by (symbol) (${EXPORTER_METRICS.lastCandleAge.name}{${CHOSEN}}))`, '{{symbol}}'),
  );
}
