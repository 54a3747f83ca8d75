import * as z from 'zod';

/** What the page reads of a dashboard's JSON, after Grafana's schema 42. Anything else in it is left out. */

const gridPos = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });

/** Of a dashboard, of a panel or of a value; `url` may hold variables. */
const link = z.object({
  title: z.string().default(''),
  url: z.string().default(''),
  type: z.string().default('link'),
  tooltip: z.string().optional(),
  tags: z.array(z.string()).default([]),
  targetBlank: z.boolean().default(false),
  includeVars: z.boolean().default(false),
  keepTime: z.boolean().default(false),
});

const mappingResult = z.object({
  text: z.string().optional(),
  color: z.string().optional(),
  index: z.number().optional(),
});

const valueMapping = z.discriminatedUnion('type', [
  z.object({ type: z.literal('value'), options: z.record(z.string(), mappingResult) }),
  z.object({
    type: z.literal('range'),
    options: z.object({ from: z.number().nullable(), to: z.number().nullable(), result: mappingResult }),
  }),
  z.object({
    type: z.literal('regex'),
    options: z.object({ pattern: z.string(), result: mappingResult }),
  }),
  z.object({
    type: z.literal('special'),
    options: z.object({
      match: z.enum(['true', 'false', 'null', 'nan', 'null+nan', 'empty']),
      result: mappingResult,
    }),
  }),
]);

export const fieldConfigSchema = z.object({
  unit: z.string().optional(),
  decimals: z.number().nullish(),
  min: z.number().nullish(),
  max: z.number().nullish(),
  /** Bounds that are not set come from the field itself, in place of all fields of the panel. */
  fieldMinMax: z.boolean().optional(),
  noValue: z.string().optional(),
  displayName: z.string().optional(),
  color: z
    .object({ mode: z.string(), fixedColor: z.string().optional(), seriesBy: z.string().optional() })
    .optional(),
  thresholds: z
    .object({
      mode: z.enum(['absolute', 'percentage']),
      /** The first has no value: it is the colour below the second. */
      steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })),
    })
    .optional(),
  mappings: z.array(valueMapping).default([]),
  links: z.array(link).default([]),
  /** What only panels of this type know. */
  custom: z.record(z.string(), z.unknown()).default({}),
});

/**
 * What an override sets, as a part of a field's configuration. A property that is not known is named, so that the panel
 * can say so.
 */
const overrideSchema = z
  .object({
    matcher: z.object({ id: z.string(), options: z.unknown() }),
    properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
  })
  .transform(({ matcher, properties }) => {
    const raw: Record<string, unknown> = {};
    const custom: Record<string, unknown> = {};
    for (const { id, value } of properties) {
      if (id.startsWith(CUSTOM)) custom[id.slice(CUSTOM.length)] = value;
      else raw[id] = value;
    }
    const unknown = Object.keys(raw).filter((id) => !Object.hasOwn(fieldConfigSchema.shape, id));
    const parsed = fieldConfigSchema.parse(raw);
    const set: Partial<typeof parsed> = Object.fromEntries(
      Object.entries(parsed).filter(([id]) => Object.hasOwn(raw, id)),
    );
    return { matcher, unknown, set, custom };
  });

const CUSTOM = 'custom.';

const fieldConfigSource = z.object({
  defaults: fieldConfigSchema.prefault({}),
  overrides: z.array(overrideSchema).default([]),
});

const target = z.object({
  refId: z.string(),
  expr: z.string(),
  legendFormat: z.string().optional(),
  instant: z.boolean().default(false),
  range: z.boolean().default(false),
  format: z.enum(['time_series', 'table', 'heatmap']).default('time_series'),
  /** The least step, as in `1m`. */
  interval: z.string().optional(),
  hide: z.boolean().default(false),
});

const panelFields = {
  id: z.number(),
  type: z.string(),
  title: z.string().default(''),
  description: z.string().default(''),
  gridPos,
  transparent: z.boolean().default(false),
  fieldConfig: fieldConfigSource.prefault({}),
  options: z.record(z.string(), z.unknown()).default({}),
  targets: z.array(target).default([]),
  transformations: z
    .array(
      z.object({
        id: z.string(),
        options: z.record(z.string(), z.unknown()).default({}),
        disabled: z.boolean().default(false),
      }),
    )
    .default([]),
  maxDataPoints: z.number().optional(),
  /** The least step of all its queries, as in `1m`. */
  interval: z.string().optional(),
  links: z.array(link).default([]),
  repeat: z.string().optional(),
};

const panel = z.object({
  ...panelFields,
  /** Of a row: whether its panels are hidden, which are then inside it instead of after it. */
  collapsed: z.boolean().default(false),
  panels: z.array(z.object(panelFields)).default([]),
});

const textOrTexts = z.union([z.string(), z.array(z.string())]);

const variable = z.object({
  type: z.enum(['datasource', 'query', 'custom', 'constant', 'interval', 'textbox']),
  name: z.string().regex(/^\w+$/),
  label: z.string().optional(),
  description: z.string().optional(),
  /** 2 hides it altogether, 1 only its name. */
  hide: z.number().default(0),
  multi: z.boolean().default(false),
  includeAll: z.boolean().default(false),
  allValue: z.string().nullish(),
  sort: z.number().default(0),
  regex: z.string().default(''),
  query: z.union([z.string(), z.object({ query: z.string() }).transform(({ query }) => query)]).default(''),
  current: z.object({ value: textOrTexts.optional() }).nullish(),
});

const annotation = z.object({
  name: z.string(),
  enable: z.boolean().default(true),
  hide: z.boolean().default(false),
  iconColor: z.string().default('blue'),
  expr: z.string().optional(),
  step: z.string().optional(),
  titleFormat: z.string().optional(),
  textFormat: z.string().optional(),
  tagKeys: z.string().optional(),
  useValueForTime: z.union([z.boolean(), z.string()]).optional(),
});

export const dashboardSchema = z.object({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string(),
  description: z.string().default(''),
  tags: z.array(z.string()).default([]),
  timezone: z.string().default('browser'),
  /** 0: each panel by itself, 1: a shared crosshair, 2: a shared tooltip. */
  graphTooltip: z.number().default(0),
  time: z.object({ from: z.string(), to: z.string() }).default({ from: 'now-6h', to: 'now' }),
  refresh: z.union([z.string(), z.literal(false).transform(() => '')]).default(''),
  links: z.array(link).default([]),
  templating: z.object({ list: z.array(variable).default([]) }).prefault({}),
  annotations: z.object({ list: z.array(annotation).default([]) }).prefault({}),
  panels: z.array(panel),
});

export type Dashboard = z.infer<typeof dashboardSchema>;
export type DashboardPanel = z.infer<typeof panel>;
export type Target = z.infer<typeof target>;
export type Variable = z.infer<typeof variable>;
export type AnnotationQuery = z.infer<typeof annotation>;
export type Link = z.infer<typeof link>;
export type FieldConfig = z.infer<typeof fieldConfigSchema>;
export type ValueMapping = z.infer<typeof valueMapping>;
export type Override = z.infer<typeof overrideSchema>;
