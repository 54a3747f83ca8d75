import * as units from '@grafana/grafana-foundation-sdk/units';
import { CANDLE_METRICS, EXPORTER_METRICS } from '#domain/metrics.ts';
import { MARKET_RECORDINGS } from '#grafana/rules/market-metrics.ts';
import { barGauge } from './bar-gauge-panel.ts';
import { bars, lines } from './graph-panel.ts';
import { correlationTo, LEADER } from './correlation.ts';
import { line, section } from './page.ts';
import type { Page } from './page.ts';
import { PRICE } from './panel.ts';
import { now, over } from './queries.ts';
import { stat } from './stat-panel.ts';
import { table } from './table-panel.ts';
import { labelsVariable } from './variables.ts';

const { vwap1h, volume1h } = MARKET_RECORDINGS;
const UP_OR_DOWN = { thresholds: [[0, 'green']], below: 'red' } as const;

/** Every symbol beside the others. */
export const marketOverview: Page = {
  uid: 'crypto-market-overview',
  title: 'Market overview',
  description: 'All symbols that are watched: which move, which are traded, and which are silent.',
  from: 'now-3h',
  refresh: '1m',
  variables: [
    labelsVariable('symbol', CANDLE_METRICS.close, {
      title: 'Symbol',
      description: 'Which markets; those that had a candle in the time range',
    }),
  ],
  sections: [
    section('Now', line(4, advancing(), declining(), volumeOfHour(), spikes(), silent())),
    section('Symbols', line(14, symbols())),
    section('Movers', line(9, winners(), losers()), line(8, breadth(), volumeOverTime())),
    section('Together and apart', line(9, correlation(), volumeShare(), volumeSpikes())),
    section('Silent', line(7, silentSymbols())),
  ],
};

/** A gauge of the candles of the chosen symbols. */
function chosen(value: keyof typeof CANDLE_METRICS, offset = ''): string {
  return `max by (symbol) (${CANDLE_METRICS[value]}{symbol=~"$symbol"}${offset})`;
}

function chosenSum(value: keyof typeof CANDLE_METRICS, range: string): string {
  return `sum by (symbol) (sum_over_time(${CANDLE_METRICS[value]}{symbol=~"$symbol"}[${range}]))`;
}

/** The newest close against the one so long before; up to five minutes earlier where that is missing. */
function changeOver(before: string): string {
  return `${chosen('close')} / ${chosen('close', ` offset ${before}`)} - 1`;
}

/** Volume of five minutes against the day's usual; of symbols that have six hours behind them. */
function spike(): string {
  const minutes = `count_over_time(${CANDLE_METRICS.quoteVolume}{symbol=~"$symbol"}[24h])`;
  const usual = `5 * ${chosenSum('quoteVolume', '24h')} / max by (symbol) (${minutes} >= 360)`;
  return `${chosenSum('quoteVolume', '5m')} / (${usual} > 0)`;
}

function age(): string {
  return `min by (symbol) (${EXPORTER_METRICS.lastCandleAge.name}{symbol=~"$symbol"})`;
}

function counted(vector: string): string {
  return `count(${vector}) or vector(0)`;
}

function advancing() {
  return stat(
    {
      title: 'Rising',
      description: 'Symbols whose price is above that of an hour before.',
      unit: units.Short,
      thresholds: [[0, 'green']],
    },
    over(counted(`${changeOver('1h')} > 0`)),
  );
}

function declining() {
  return stat(
    {
      title: 'Falling',
      description: 'Symbols whose price is below that of an hour before.',
      unit: units.Short,
      thresholds: [[0, 'red']],
    },
    over(counted(`${changeOver('1h')} < 0`)),
  );
}

function volumeOfHour() {
  return stat(
    {
      title: 'Volume in the last hour',
      description:
        'What changed hands, in the quote asset; adds up only over symbols that have the same one.',
      unit: units.Short,
    },
    now(`sum(${chosenSum('quoteVolume', '1h')})`),
  );
}

function spikes() {
  return stat(
    {
      title: 'Volume spikes',
      description: 'Symbols that were traded five times as much as usual in the last five minutes.',
      unit: units.Short,
      thresholds: [[1, 'yellow']],
    },
    now(counted(`${spike()} > 5`)),
  );
}

function silent() {
  return stat(
    {
      title: 'Silent',
      description: 'Symbols without a candle for two minutes. The panel at the end says which.',
      unit: units.Short,
      thresholds: [[1, 'red']],
    },
    now(counted(`${age()} > 120`)),
  );
}

function symbols() {
  return table(
    {
      title: 'All symbols',
      description:
        'Price, changes, volume and age of each symbol, with its price over the time range. A press on a title sorts, one on a symbol opens it.',
      unit: units.Short,
      row: {
        label: 'symbol',
        title: 'Symbol',
        url: '/d/crypto-market-live?var-symbol=${__data.fields.Symbol}',
      },
      trend: { title: 'Trend', expr: chosen('close') },
      sortBy: 'Volume 1 h',
    },
    [
      { title: 'Price', expr: chosen('close'), ...PRICE },
      { title: 'Change 1 h', expr: changeOver('1h'), unit: units.PercentUnit, decimals: 2, ...UP_OR_DOWN },
      { title: 'Change 24 h', expr: changeOver('24h'), unit: units.PercentUnit, decimals: 2, ...UP_OR_DOWN },
      {
        title: 'To VWAP 1 h',
        expr: `${chosen('close')} / ${vwap1h.name} - 1`,
        unit: units.PercentUnit,
        decimals: 2,
        ...UP_OR_DOWN,
      },
      {
        title: 'Volume 1 h',
        expr: `max by (symbol) (${volume1h.name}{symbol=~"$symbol"})`,
        unit: units.Short,
      },
      { title: 'Trades 1 h', expr: chosenSum('trades', '1h'), unit: units.Short },
      {
        title: 'Age',
        expr: age(),
        unit: units.Seconds,
        decimals: 0,
        thresholds: [
          [75, 'yellow'],
          [120, 'red'],
        ],
      },
    ],
  );
}

function winners() {
  return barGauge(
    {
      title: 'Rising most in 1 h',
      description: 'The eight symbols that rose most within the last hour.',
      unit: units.PercentUnit,
      thresholds: [[0, 'green']],
      below: 'red',
    },
    now(`topk(8, ${changeOver('1h')})`, '{{symbol}}'),
  ).decimals(2);
}

function losers() {
  return barGauge(
    {
      title: 'Falling most in 1 h',
      description: 'The eight symbols that fell most within the last hour.',
      unit: units.PercentUnit,
      thresholds: [[0, 'green']],
      below: 'red',
    },
    now(`bottomk(8, ${changeOver('1h')})`, '{{symbol}}'),
  ).decimals(2);
}

function breadth() {
  return lines(
    {
      title: 'Breadth',
      description:
        'How many symbols are above and how many below their price of an hour before. All on one side: the market moves as a whole.',
      unit: units.Short,
    },
    over(counted(`${changeOver('1h')} > 0`), 'rising'),
    over(counted(`${changeOver('1h')} < 0`), 'falling'),
  ).min(0);
}

function volumeOverTime() {
  return bars(
    {
      title: 'Volume',
      description:
        'Quote volume in each step of the graph, of the five symbols that were traded most in the last day.',
      unit: units.Short,
    },
    over(
      `${chosenSum('quoteVolume', '$__interval')} and topk(5, ${chosenSum('quoteVolume', '24h')})`,
      '{{symbol}}',
    ).interval('1m'),
  );
}

function correlation() {
  return barGauge(
    {
      title: `Moves with ${LEADER}`,
      description: `Correlation of the last hour's one-minute returns with those of ${LEADER}: 1 moves with it, 0 on its own, -1 against it.`,
      unit: units.Short,
      thresholds: [
        [0, 'yellow'],
        [0.5, 'green'],
      ],
      below: 'red',
    },
    now(`topk(12, ${correlationTo(LEADER, 60)})`, '{{symbol}}'),
  )
    .decimals(2)
    .min(-1)
    .max(1);
}

function volumeShare() {
  return barGauge(
    {
      title: 'Share of volume',
      description:
        'Of all that changed hands in the last day, the twelve largest; for symbols of one quote asset.',
      unit: units.PercentUnit,
      thresholds: [],
    },
    now(
      `topk(12, ${chosenSum('quoteVolume', '24h')} / scalar(sum(${chosenSum('quoteVolume', '24h')})))`,
      '{{symbol}}',
    ),
  )
    .decimals(1)
    .min(0);
}

function volumeSpikes() {
  return barGauge(
    {
      title: 'Volume against usual',
      description:
        'Volume of the last five minutes as a multiple of what five minutes of the last day had on average. None of a symbol younger than six hours.',
      unit: units.Short,
      thresholds: [
        [3, 'yellow'],
        [5, 'red'],
      ],
    },
    now(`topk(12, ${spike()})`, '{{symbol}}'),
  ).decimals(1);
}

function silentSymbols() {
  return lines(
    {
      title: 'Symbols without candles',
      description: 'Time since the last candle of those that are silent for more than two minutes.',
      unit: units.Seconds,
      thresholds: [[300, 'red']],
    },
    over(`topk(20, ${age()} > 120)`, '{{symbol}}'),
  ).noValue('none is silent');
}
