import * as units from '@grafana/grafana-foundation-sdk/units';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { candles } from './candle-panel.ts';
import { CANDLES, ofSymbol } from './candle-queries.ts';
import { bars, lines } from './graph-panel.ts';
import { averages, bands, convergence, strength, trueRange, volatilityOverTime } from './indicator-panels.ts';
import { change, RANGE_POSITION } from './indicators.ts';
import { line, section } from './page.ts';
import type { Page } from './page.ts';
import { PRICE } from './panel.ts';
import { now, over } from './queries.ts';
import { stat } from './stat-panel.ts';
import { labelVariable } from './variables.ts';

/** One symbol, minute by minute. */
export const marketLive: Page = {
  uid: 'crypto-market-live',
  title: 'Market live',
  description: 'One symbol of the exchange: its candles of one minute, seconds after each closes.',
  from: 'now-3h',
  refresh: '30s',
  variables: [
    labelVariable('symbol', CANDLE_METRICS.close, {
      title: 'Symbol',
      description: 'Which market; those that had a candle in the time range',
    }),
  ],
  sections: [
    section(
      'Now',
      line(
        4,
        price(),
        changeOver('1h', '1 hour'),
        changeOver('4h', '4 hours'),
        changeOver('24h', '24 hours'),
        age(),
      ),
      line(4, high(), low(), rangePosition(), volume(), trades()),
    ),
    section('Candles', line(14, candlesticks())),
    section('Trend', line(9, averages(), bands()), line(8, strength(), convergence())),
    section('Risk', line(8, trueRange(), volatilityOverTime())),
    section('Activity', line(8, buyerShare(), tradesPerMinute(), quoteVolume())),
  ],
};

function price() {
  return stat(
    {
      title: 'Price',
      description: 'What the newest closed candle closed at, in the quote asset.',
      unit: PRICE.unit,
    },
    over(`max(${ofSymbol('close')})`),
  ).decimals(PRICE.decimals);
}

function changeOver(before: string, words: string) {
  return stat(
    {
      title: `Change in ${words}`,
      description: `The newest close against the one ${words} before. None until there is one.`,
      unit: units.PercentUnit,
      thresholds: [[0, 'green']],
      below: 'red',
    },
    now(change(before)),
  ).decimals(2);
}

function high() {
  return stat(
    {
      title: 'High of 24 hours',
      description: 'The highest price of the last day, or of as much of it as there is.',
      unit: PRICE.unit,
    },
    now(`max(max_over_time(${ofSymbol('high')}[24h]))`),
  ).decimals(PRICE.decimals);
}

function low() {
  return stat(
    {
      title: 'Low of 24 hours',
      description: 'The lowest price of the last day, or of as much of it as there is.',
      unit: PRICE.unit,
    },
    now(`min(min_over_time(${ofSymbol('low')}[24h]))`),
  ).decimals(PRICE.decimals);
}

function rangePosition() {
  return stat(
    {
      title: 'In its range',
      description: "Where the newest close lies between the day's low (0 %) and its high (100 %).",
      unit: units.PercentUnit,
    },
    now(RANGE_POSITION),
  ).decimals(0);
}

function volume() {
  return stat(
    {
      title: 'Volume in 24 hours',
      description: 'What changed hands in the last day, in the quote asset.',
      unit: units.Short,
    },
    now(`sum(sum_over_time(${ofSymbol('quoteVolume')}[24h]))`),
  );
}

function trades() {
  return stat(
    {
      title: 'Trades in the last hour',
      description: 'Trades on the exchange, as its candles count them.',
      unit: units.Short,
    },
    now(`sum(sum_over_time(${ofSymbol('trades')}[1h]))`),
  );
}

function age() {
  return stat(
    {
      title: 'Since the last candle',
      description:
        'Time since the newest candle of the last three hours closed. Below 65 s it is live; above two minutes look at Pipeline health.',
      unit: units.Seconds,
      thresholds: [
        [75, 'yellow'],
        [120, 'red'],
      ],
    },
    // a plain query sees nothing older than five minutes, and nothing is when one looks
    now(`time() - max(max_over_time(timestamp(${ofSymbol('close')})[3h:1m]))`),
  ).decimals(0);
}

function candlesticks() {
  return candles(
    {
      title: '$symbol',
      description:
        'Open, high, low, close and base volume. Up to twelve hours each candle is one minute as the exchange sent it; beyond, each spans a step of the graph and opens where the one before closed.',
      unit: PRICE.unit,
    },
    CANDLES,
  );
}

function buyerShare() {
  return lines(
    {
      title: "Takers' buying",
      description:
        'Share of the volume in which the taker bought: above one half, buyers crossed the spread more than sellers.',
      unit: units.PercentUnit,
      thresholds: [[0.5, 'yellow']],
    },
    over(
      `sum(sum_over_time(${ofSymbol('takerBuyBaseVolume')}[5m])) / (sum(sum_over_time(${ofSymbol('baseVolume')}[5m])) > 0)`,
      'taker buys, 5 minutes',
    ),
  )
    .min(0)
    .max(1);
}

function tradesPerMinute() {
  return bars(
    {
      title: 'Trades',
      description:
        'Trades in each minute, or in each step of a long graph. A minute without any is a candle with none, and not a missing one.',
      unit: units.Short,
    },
    over(inStep('trades'), 'trades').interval('1m'),
  );
}

function inStep(value: 'trades' | 'quoteVolume' | 'takerBuyQuoteVolume'): string {
  return `sum(sum_over_time(${ofSymbol(value)}[$__interval]))`;
}

function quoteVolume() {
  return bars(
    {
      title: 'Buying and selling',
      description:
        'Quote volume by whether the taker bought or sold, in each minute or in each step of a long graph: who pressed the market.',
      unit: units.Short,
    },
    over(inStep('takerBuyQuoteVolume'), 'taker buys').interval('1m'),
    over(`${inStep('quoteVolume')} - ${inStep('takerBuyQuoteVolume')}`, 'taker sells').interval('1m'),
  );
}
