import * as z from 'zod';

/** What the drawings read of the options and `custom` of Grafana's time series, with the values that Grafana takes. */

const legendOptions = z.object({
  displayMode: z.enum(['list', 'table', 'hidden']).default('list'),
  placement: z.enum(['bottom', 'right']).default('bottom'),
  showLegend: z.boolean().default(true),
  calcs: z.array(z.string()).default([]),
  sortBy: z.string().optional(),
  sortDesc: z.boolean().default(false),
});
export type LegendOptions = z.infer<typeof legendOptions>;

const tooltipOptions = z.object({
  mode: z.enum(['single', 'multi', 'none']).default('single'),
  sort: z.enum(['none', 'asc', 'desc']).default('none'),
});

export const timeSeriesOptions = z.object({
  legend: legendOptions.prefault({}),
  tooltip: tooltipOptions.prefault({}),
});

const scaleDistribution = z.object({
  type: z.enum(['linear', 'log', 'symlog', 'ordinal']),
  log: z.union([z.literal(2), z.literal(10)]).default(10),
  linearThreshold: z.number().positive().default(1),
});

export const graphStyle = z.object({
  drawStyle: z.enum(['line', 'bars', 'points']).default('line'),
  lineInterpolation: z.enum(['linear', 'smooth', 'stepBefore', 'stepAfter']).default('linear'),
  lineWidth: z.number().default(1),
  lineStyle: z
    .object({
      fill: z.enum(['solid', 'dash', 'dot', 'square']).default('solid'),
      dash: z.array(z.number()).optional(),
    })
    .prefault({}),
  fillOpacity: z.number().default(0),
  gradientMode: z.enum(['none', 'opacity', 'hue', 'scheme']).default('none'),
  showPoints: z.enum(['auto', 'always', 'never']).default('auto'),
  pointSize: z.number().default(5),
  spanNulls: z.union([z.boolean(), z.number()]).default(false),
  stacking: z
    .object({ mode: z.enum(['none', 'normal', 'percent']).default('none'), group: z.string().default('A') })
    .prefault({}),
  transform: z.enum(['none', 'constant', 'negative-Y']).default('none'),
  barWidthFactor: z.number().default(0.6),
  axisPlacement: z.enum(['auto', 'left', 'right', 'hidden', 'top', 'bottom']).default('auto'),
  axisLabel: z.string().default(''),
  axisSoftMin: z.number().optional(),
  axisSoftMax: z.number().optional(),
  axisCenteredZero: z.boolean().default(false),
  scaleDistribution: scaleDistribution.prefault({ type: 'linear' }),
  thresholdsStyle: z
    .object({
      mode: z.enum(['off', 'line', 'dashed', 'area', 'line+area', 'dashed+area', 'series']).default('off'),
    })
    .prefault({}),
  hideFrom: z
    .object({
      viz: z.boolean().default(false),
      legend: z.boolean().default(false),
      tooltip: z.boolean().default(false),
    })
    .prefault({}),
});
export type GraphStyle = z.infer<typeof graphStyle>;
