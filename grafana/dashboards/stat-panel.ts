import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { described, thresholdsConfig } from './panel.ts';
import type { PanelText, Thresholds } from './panel.ts';

export interface StatText extends PanelText {
  /** From which value on it is which colour. @default the colour of text */
  readonly thresholds?: Thresholds;
  /** The colour below the first threshold. @default green */
  readonly below?: 'green' | 'yellow' | 'red';
  /** Instead of a number, when there is none. @default no data */
  readonly noValue?: string;
}

/** The newest value of one series, large; with its history behind it if the query is over time. */
export function stat(text: StatText, query: DataqueryBuilder): PanelBuilder {
  const panel = described(new PanelBuilder(), text, [query])
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .graphMode(query.build().range ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .colorMode(text.thresholds ? BigValueColorMode.Value : BigValueColorMode.None)
    .noValue(text.noValue ?? 'no data');
  return text.thresholds ? panel.thresholds(thresholdsConfig(text.thresholds, text.below)) : panel;
}
