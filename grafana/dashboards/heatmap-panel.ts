import {
  HeatmapCalculationBucketConfigBuilder,
  HeatmapCalculationMode,
  HeatmapCalculationOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  PanelBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { described } from './panel.ts';
import type { PanelText } from './panel.ts';

/**
 * How many samples lie in which range of values, over time. The panel counts by itself, each point of each series once,
 * in buckets that double, which values of 0 and less have no place in.
 */
export function heatmap(text: PanelText, query: DataqueryBuilder): PanelBuilder {
  return described(new PanelBuilder(), text, [query])
    .calculate(true)
    .calculation(
      new HeatmapCalculationOptionsBuilder()
        .xBuckets(
          new HeatmapCalculationBucketConfigBuilder().mode(HeatmapCalculationMode.Count).value(TIME_BUCKETS),
        )
        .yBuckets(
          new HeatmapCalculationBucketConfigBuilder()
            .mode(HeatmapCalculationMode.Size)
            .value('1')
            .scale(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(2)),
        ),
    )
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(32),
    )
    .yAxis(new YAxisConfigBuilder().unit(text.unit))
    .cellGap(1)
    .showLegend();
}

const TIME_BUCKETS = '60';
