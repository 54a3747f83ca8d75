import * as z from 'zod';

const distribution = z.object({
  type: z.enum(['linear', 'log']),
  log: z.union([z.literal(2), z.literal(10)]).default(2),
});

const bucketConfig = z.object({
  mode: z.enum(['size', 'count']).default('size'),
  value: z.string().default(''),
  scale: distribution.prefault({ type: 'linear' }),
});
export type BucketConfig = z.infer<typeof bucketConfig>;

const colour = z.object({
  mode: z.enum(['scheme', 'opacity']).default('scheme'),
  scheme: z.string().default('Oranges'),
  fill: z.string().default('dark-orange'),
  scale: z.enum(['linear', 'exponential']).default('exponential'),
  exponent: z.number().default(0.5),
  steps: z.number().default(64),
  reverse: z.boolean().default(false),
  min: z.number().nullish(),
  max: z.number().nullish(),
});
export type HeatColour = z.infer<typeof colour>;

/** What is read of the options of Grafana's heat map, with the values that Grafana takes. */
export const heatmapOptions = z.object({
  calculate: z.boolean().default(false),
  calculation: z
    .object({ xBuckets: bucketConfig.prefault({}), yBuckets: bucketConfig.prefault({}) })
    .prefault({}),
  color: colour.prefault({}),
  filterValues: z.object({ le: z.number().default(1e-9), ge: z.number().optional() }).prefault({}),
  cellGap: z.number().default(1),
  cellValues: z.object({ unit: z.string().optional(), decimals: z.number().nullish() }).prefault({}),
  yAxis: z
    .object({
      unit: z.string().optional(),
      decimals: z.number().nullish(),
      axisPlacement: z.string().default('left'),
      reverse: z.boolean().default(false),
      min: z.number().nullish(),
      max: z.number().nullish(),
    })
    .prefault({}),
  legend: z.object({ show: z.boolean().default(true) }).prefault({}),
  tooltip: z.object({ mode: z.string().default('single') }).prefault({}),
});
export type HeatmapOptions = z.infer<typeof heatmapOptions>;
