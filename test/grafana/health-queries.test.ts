import { expect, test } from 'vitest';
import {
  BATCH_METRICS,
  EXPORTER_METRICS,
  LATENCY_METRIC,
  LATENCY_STAGES,
  QUALITY_METRICS,
} from '#domain/metrics.ts';
import type { LatencyStage } from '#domain/metrics.ts';
import { filledIn, promtool, readDashboards } from './panel-promql.ts';

interface Case {
  readonly name: string;
  /** In promtool's notation, a sample a minute from minute 0 on. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** The dashboard's file and the panel's title. */
  readonly panel: readonly [dashboard: string, title: string];
  /** What the symbols' variable is set to. @default all of them */
  readonly symbol?: string;
  /** Of each query of the panel, the series by their labels. */
  readonly shown: readonly Readonly<Record<string, number>>[];
}

const HEALTH = 'pipeline-health.json';
const QUALITY = 'data-quality.json';
const latency = (symbol: string, stage: LatencyStage = LATENCY_STAGES.total) =>
  `${LATENCY_METRIC}{symbol="${symbol}",stage="${stage}"}`;
const { lastCandleAge, groupLag, deadLetters } = EXPORTER_METRICS;
const { expectedMinutes, presentMinutes, missingMinutes } = QUALITY_METRICS;
const { dagRunTime, dbtResults } = BATCH_METRICS;
const minutes = (metric: { readonly name: string }, labels: string) =>
  `${metric.name}{exchange="binance",${labels}}`;

const TWO_SYMBOLS = {
  [minutes(expectedMinutes, 'symbol="A",window="today"')]: '100',
  [minutes(presentMinutes, 'symbol="A",window="today"')]: '100',
  [minutes(expectedMinutes, 'symbol="B",window="today"')]: '100',
  [minutes(presentMinutes, 'symbol="B",window="today"')]: '50',
  [minutes(expectedMinutes, 'symbol="B",window="yesterday"')]: '1440',
  [minutes(presentMinutes, 'symbol="B",window="yesterday"')]: '0',
};

const CASES: readonly Case[] = [
  {
    name: 'quantiles are over symbols, of the whole way only',
    // a symbol of each second from 0 to 100: the quantiles of these are known without a formula
    series: {
      ...Object.fromEntries(Array.from({ length: 101 }, (_, s) => [latency(`S${s}`), `${s}`])),
      [latency('S0', LATENCY_STAGES.publish)]: '5000',
    },
    at: '30s',
    panel: [HEALTH, 'Close to metric'],
    shown: [{ '{}': 50 }, { '{}': 95 }, { '{}': 99 }],
  },
  {
    name: 'the heat map counts a candle once, and a minute without one not at all',
    series: { [latency('A')]: '1 2 3', [latency('B')]: '5 _ 7' },
    at: '90s',
    panel: [HEALTH, 'Latency of each candle'],
    shown: [{ '{symbol="A"}': 2 }],
  },
  {
    name: 'the chosen symbols are shown and no others',
    series: { [latency('A')]: '1 2 3', [latency('B')]: '5 6 7', [latency('C')]: '8 9 10' },
    at: '90s',
    panel: [HEALTH, 'Latency of each candle'],
    symbol: '(A|B)',
    shown: [{ '{symbol="A"}': 2, '{symbol="B"}': 6 }],
  },
  {
    name: 'of two exporters that overlap, the one that had a candle last says how old it is',
    series: {
      [`${lastCandleAge.name}{symbol="A",instance="old"}`]: '600',
      [`${lastCandleAge.name}{symbol="A",instance="new"}`]: '20',
      [`${lastCandleAge.name}{symbol="B",instance="new"}`]: '40',
    },
    at: '1m',
    panel: [HEALTH, 'Symbols that wait longest'],
    shown: [{ '{symbol="A"}': 20, '{symbol="B"}': 40 }],
  },
  {
    name: 'what Kafka says is not doubled by a second exporter',
    series: {
      [`${groupLag.name}{group="prometheus-consumer",instance="old"}`]: '5x9',
      [`${groupLag.name}{group="prometheus-consumer",instance="new"}`]: '5x9',
      [`${groupLag.name}{group="connect-sink",instance="new"}`]: '7x9',
    },
    at: '5m',
    panel: [HEALTH, 'Kafka lag'],
    shown: [{ '{group="prometheus-consumer"}': 5, '{group="connect-sink"}': 7 }],
  },
  {
    name: 'dead letters are those of the step, once, and a topic without new ones is 0',
    series: {
      [`${deadLetters.name}{topic="a",instance="old"}`]: '40+3x9',
      [`${deadLetters.name}{topic="a",instance="new"}`]: '40+3x9',
      [`${deadLetters.name}{topic="b",instance="new"}`]: '12x9',
    },
    at: '5m',
    panel: [HEALTH, 'Dead letters'],
    shown: [{ '{topic="a"}': 6, '{topic="b"}': 0 }],
  },
  {
    name: 'a build that failed shows until the next of its DAG, be that a day away',
    series: {
      [`${dbtResults.name}{dag="history_reconcile",status="fail"}`]: '2',
      [`${dbtResults.name}{dag="history_reconcile",status="pass"}`]: '90',
      [`${dbtResults.name}{dag="market_models",status="fail"}`]: `1 ${'_ '.repeat(1380)}0`,
    },
    at: '1385m',
    panel: [HEALTH, 'dbt tests and models not well'],
    shown: [
      {
        '{dag="history_reconcile",status="fail"}': 2,
        '{dag="market_models",status="fail"}': 0,
      },
    ],
  },
  {
    name: 'a DAG that ran five hours ago ran five hours ago',
    series: { [`${dagRunTime.name}{dag="heal_gaps"}`]: '_ 60' },
    at: '301m',
    panel: [HEALTH, 'Since the last run'],
    shown: [{ '{dag="heal_gaps"}': 5 * 3600 }],
  },
  {
    name: 'completeness is of the chosen day, over all symbols by their minutes',
    series: TWO_SYMBOLS,
    at: '25m',
    panel: [QUALITY, 'Complete'],
    shown: [{ '{}': 0.75 }],
  },
  {
    name: 'completeness is of the chosen symbols',
    series: TWO_SYMBOLS,
    at: '25m',
    panel: [QUALITY, 'Complete'],
    symbol: 'A',
    shown: [{ '{}': 1 }],
  },
  {
    name: 'an export of more than half an hour ago is not shown as what is',
    series: TWO_SYMBOLS,
    at: '31m',
    panel: [QUALITY, 'Complete'],
    shown: [{}],
  },
  {
    name: 'missing minutes are summed over symbols by whose fault they are',
    series: {
      [minutes(missingMinutes, 'symbol="A",window="today",class="ours"')]: '3',
      [minutes(missingMinutes, 'symbol="B",window="today",class="ours"')]: '4',
      [minutes(missingMinutes, 'symbol="B",window="today",class="exchange"')]: '10',
      [minutes(missingMinutes, 'symbol="B",window="yesterday",class="ours"')]: '1000',
    },
    at: '10m',
    panel: [QUALITY, 'Missing by class'],
    shown: [{ '{class="ours"}': 7, '{class="exchange"}': 10 }],
  },
];

test('panels show what was computed by hand', async () => {
  const dashboards = readDashboards();
  const tests = CASES.map(({ name, series, at, panel: [file, title], symbol = '.*', shown }) => {
    const panel = dashboards.get(file)?.panels.find((one) => one.title === title);
    expect(panel?.targets, `${file}: ${title}`).toHaveLength(shown.length);
    return {
      name,
      interval: '1m',
      input_series: Object.entries(series).map(([id, values]) => ({ series: id, values })),
      promql_expr_test: (panel?.targets ?? []).map(({ expr }, index) => ({
        expr: filledIn(expr, 1, { symbol }),
        eval_time: at,
        exp_samples: Object.entries(shown[index] ?? {}).map(([labels, value]) => ({ labels, value })),
      })),
    };
  });
  expect(tests.length).toBe(12);
  expect(await promtool('test', { rule_files: [], tests })).toContain('SUCCESS');
});

test('the heat map counts samples of series by itself, a minute or more apart', () => {
  const maps = [...readDashboards().values()]
    .flatMap(({ panels }) => panels)
    .filter(({ type }) => type === 'heatmap');
  expect(maps).toHaveLength(1);
  expect(maps[0]).toMatchObject({
    targets: [{ range: true, interval: '1m' }],
    options: {
      calculate: true,
      calculation: { yBuckets: { scale: { type: 'log', log: 2 } } },
      yAxis: { unit: 's' },
    },
  });
});
