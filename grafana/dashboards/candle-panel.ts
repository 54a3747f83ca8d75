import {
  CandlestickFieldMapBuilder,
  PanelBuilder,
  VizDisplayMode,
} from '@grafana/grafana-foundation-sdk/candlestick';
import { described } from './panel.ts';
import type { PanelText } from './panel.ts';
import { overAsTable } from './queries.ts';

/** PromQL for each value of a candle; each has to give one series without labels. */
export interface CandleQueries {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/**
 * Candles above their volume. From time series the panel could not tell its fields apart: each is called Value. From
 * tables joined by Time they are Value #A to Value #E.
 */
export function candles(text: PanelText, { open, high, low, close, volume }: CandleQueries): PanelBuilder {
  const queries = [open, high, low, close, volume].map((expr) => overAsTable(expr).interval('1m'));
  return described(new PanelBuilder(), text, queries)
    .maxDataPoints(MAX_CANDLES)
    .withTransformation({ id: 'joinByField', options: { byField: 'Time', mode: 'outer' } })
    .mode(VizDisplayMode.CandlesVolume)
    .fields(
      new CandlestickFieldMapBuilder()
        .open('Value #A')
        .high('Value #B')
        .low('Value #C')
        .close('Value #D')
        .volume('Value #E'),
    );
}

/** A candle per minute up to twelve hours, and longer ones beyond. */
const MAX_CANDLES = 720;
