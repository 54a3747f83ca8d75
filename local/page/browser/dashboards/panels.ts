import { drawBarGauge } from './bar-gauge-panel.ts';
import { drawCandlestick } from './candlestick-panel.ts';
import { drawHeatmap } from './heatmap-panel.ts';
import type { DrawPanel } from './panel-types.ts';
import { drawStat } from './stat-panel.ts';
import { drawTable } from './table-panel.ts';
import { drawTimeSeries } from './time-series-panel.ts';

/** The drawing of a panel type. Throws for one that is not drawn yet. */
export function drawingOf(type: string): DrawPanel {
  const draw = DRAWINGS[type];
  if (draw) return draw;
  throw new Error(
    `panel type: expected one of ${Object.keys(DRAWINGS).join(', ')}, got ${type}: write it in panels.ts`,
  );
}

const DRAWINGS: Readonly<Record<string, DrawPanel | undefined>> = {
  bargauge: drawBarGauge,
  candlestick: drawCandlestick,
  heatmap: drawHeatmap,
  stat: drawStat,
  table: drawTable,
  timeseries: drawTimeSeries,
};
