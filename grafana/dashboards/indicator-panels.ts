import * as units from '@grafana/grafana-foundation-sdk/units';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { ofSymbol } from './candle-queries.ts';
import { lines } from './graph-panel.ts';
import { atr, bollinger, MACD, rsi, sma, volatility, vwap } from './indicators.ts';
import { PRICE } from './panel.ts';
import { over } from './queries.ts';

/** Indicators look at full minutes. */
const minutely = (expr: string, legend: string): DataqueryBuilder => over(expr, legend).interval('1m');

const close = () => minutely(`max(${ofSymbol('close')})`, 'close');

export function averages() {
  return lines(
    {
      title: 'Averages',
      description:
        'Closes with their simple averages over 20, 50 and 200 minutes, and what was paid on average in the last hour (VWAP). A close above its averages is a rising market.',
      unit: PRICE.unit,
    },
    close(),
    ...[20, 50, 200].map((minutes) => minutely(sma(minutes), `SMA ${minutes}`)),
    minutely(vwap(60), 'VWAP 1 h'),
  ).decimals(PRICE.decimals);
}

export function bands() {
  return lines(
    {
      title: 'Bollinger bands',
      description:
        'The average of 20 minutes, and two standard deviations above and below it. Closes lie outside about once in twenty minutes; narrow bands are a quiet market.',
      unit: PRICE.unit,
    },
    close(),
    minutely(bollinger(20, 2), 'upper'),
    minutely(sma(20), 'middle'),
    minutely(bollinger(20, -2), 'lower'),
  ).decimals(PRICE.decimals);
}

export function strength() {
  return lines(
    {
      title: 'RSI 14',
      description:
        'Gains as a share of all moves of the last 14 minutes, simply averaged. Above 70 is called overbought, below 30 oversold.',
      unit: units.Short,
      thresholds: [
        [30, 'yellow'],
        [70, 'red'],
      ],
    },
    minutely(rsi(14), 'RSI'),
  )
    .min(0)
    .max(100);
}

export function convergence() {
  return lines(
    {
      title: 'MACD 12 26 9',
      description:
        'The exponential average of 12 minutes less that of 26, its own average of 9 (signal), and their difference. Of graphs up to two days long.',
      unit: PRICE.unit,
    },
    minutely(MACD.macd, 'MACD'),
    minutely(MACD.signal, 'signal'),
    minutely(MACD.histogram, 'difference'),
  ).decimals(PRICE.decimals);
}

export function trueRange() {
  return lines(
    {
      title: 'ATR 14',
      description:
        'How far the price ranges within a minute, gaps included: the average of the true ranges of 14 minutes.',
      unit: PRICE.unit,
    },
    minutely(atr(14), 'ATR'),
  ).decimals(PRICE.decimals);
}

export function volatilityOverTime() {
  return lines(
    {
      title: 'Volatility',
      description:
        "Standard deviation of the last hour's one-minute returns, as if a whole year went on like that.",
      unit: units.PercentUnit,
    },
    minutely(volatility(60), '1 h, a year'),
  );
}
