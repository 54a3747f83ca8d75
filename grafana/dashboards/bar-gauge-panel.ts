import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { described, thresholdsConfig } from './panel.ts';
import type { PanelText, Thresholds } from './panel.ts';

export interface BarsText extends PanelText {
  readonly thresholds: Thresholds;
  /** The colour below the first threshold. @default green */
  readonly below?: 'green' | 'yellow' | 'red';
}

/** A horizontal bar per series with its newest value, in the order in which they are answered. */
export function barGauge(text: BarsText, query: DataqueryBuilder): PanelBuilder {
  return described(new PanelBuilder(), text, [query])
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .showUnfilled(false)
    .noValue('none')
    .thresholds(thresholdsConfig(text.thresholds, text.below));
}
