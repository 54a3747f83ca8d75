import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { described, thresholdsConfig } from './panel.ts';
import type { PanelText, Thresholds } from './panel.ts';

export interface GraphText extends PanelText {
  /** Drawn as dashed lines. @default none */
  readonly thresholds?: Thresholds;
}

/** Values over time, a line per series. */
export function lines(text: GraphText, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  return graph(text, queries).drawStyle(GraphDrawStyle.Line).lineWidth(1).fillOpacity(8);
}

/** Amounts per step, on top of each other. */
export function bars(text: GraphText, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  return graph(text, queries)
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(70)
    .min(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
}

function graph(text: GraphText, queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = described(new PanelBuilder(), text, queries)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    // oxlint-disable-next-line unicorn/no-array-sort -- a setting of the SDK's, no array
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (!text.thresholds) return panel;
  return panel
    .thresholds(thresholdsConfig(text.thresholds))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}
