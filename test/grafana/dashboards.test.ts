import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  BATCH_METRICS,
  CANDLE_METRICS,
  CONSUMER_METRICS,
  EXPORTER_METRICS,
  LATENCY_METRIC,
  QUALITY_METRICS,
} from '#domain/metrics.ts';
import { dashboardFiles } from '#grafana/dashboards/dashboard-files.ts';
import { GENERATED_DASHBOARDS } from '#grafana/provision/generated-dashboards.ts';
import { RULE_GROUPS } from '#grafana/rules/rules-yaml.ts';
import { PANEL_TYPES, TRANSFORMATION_IDS, UNITS } from './catalogue.ts';

const GENERATED = join(import.meta.dirname, '../../grafana/generated/dashboards');
const FILES = Object.entries(dashboardFiles());

const gridPos = z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() });
const target = z.looseObject({ refId: z.string(), expr: z.string(), datasource: z.unknown() });
const panelSchema = z.looseObject({
  id: z.int(),
  type: z.string(),
  title: z.string(),
  gridPos,
  description: z.string().optional(),
  datasource: z.unknown().optional(),
  targets: z.array(target).default([]),
  transformations: z.array(z.looseObject({ id: z.string() })).default([]),
  fieldConfig: z.object({ defaults: z.looseObject({ unit: z.string().optional() }) }).optional(),
});
const dashboardSchema = z.looseObject({
  uid: z.string().regex(/^[a-z0-9-]{8,40}$/),
  schemaVersion: z.literal(42),
  panels: z.array(panelSchema),
  templating: z.object({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) }),
});
type Panel = z.infer<typeof panelSchema>;

test('the committed dashboards are what their definitions say: else run `npm run dashboards`', () => {
  const committed = readdirSync(GENERATED).map((name) => [name, readFileSync(join(GENERATED, name), 'utf8')]);
  expect(FILES.length).toBeGreaterThan(1);
  expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(FILES));
});

test('every dashboard goes with the function that provisions them, under a UID of its own', () => {
  const uids = FILES.map(([, text]) => dashboardSchema.parse(JSON.parse(text)).uid);
  expect(new Set(uids).size).toBe(FILES.length);
  expect(GENERATED_DASHBOARDS.map(({ uid }) => uid).toSorted()).toEqual(uids.toSorted());
});

describe.each(FILES)('%s', (_, text) => {
  const { panels, templating } = dashboardSchema.parse(JSON.parse(text));
  const shown = panels.filter(({ type }) => type !== 'row');
  const variables = templating.list.map(({ name }) => name);

  test('has panels of known types, with known units and transformations', () => {
    expect(shown.length).toBeGreaterThan(5);
    for (const { title, type, fieldConfig, transformations } of shown) {
      expect(PANEL_TYPES, title).toContain(type);
      expect(UNITS, title).toContain(fieldConfig?.defaults.unit);
      for (const { id } of transformations) expect(TRANSFORMATION_IDS, title).toContain(id);
    }
  });

  test('says on every panel what it shows, and asks the data source that the reader chose', () => {
    const chosen = { type: 'prometheus', uid: '${datasource}' };
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const { title, description, datasource, targets } of shown) {
      expect(title).not.toBe('');
      expect(description?.split(' ').length, title).toBeGreaterThan(5);
      expect([datasource, ...targets.map((query) => query.datasource)], title).toEqual(
        Array.from({ length: targets.length + 1 }, () => chosen),
      );
    }
  });

  test('asks only for metrics and variables that exist, each query under a letter of its own', () => {
    for (const { title, targets } of shown) {
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      for (const { expr } of targets) {
        const metrics = expr.match(/\b(?:\w+:)?crypto_\w+(?::\w+)?/g) ?? [];
        expect(metrics.length, expr).toBeGreaterThan(0);
        for (const metric of metrics) expect(METRICS, title).toContain(metric);
        for (const [, name] of expr.matchAll(/\$(\w+)/g))
          expect([...variables, ...BUILT_IN], expr).toContain(name);
      }
    }
  });

  test('numbers its panels, and puts none over another or over the edge', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(cellsOf);
    expect(cells.length).toBeGreaterThan(100);
    expect(new Set(cells).size).toBe(cells.length);
    for (const { title, gridPos: place } of panels) expect(place.x + place.w, title).toBeLessThanOrEqual(24);
  });
});

test('the candles are joined into one table, as the panel can not tell its fields apart otherwise', () => {
  const [, text = ''] = FILES.find(([name]) => name === 'market-live.json') ?? [];
  const candles = dashboardSchema.parse(JSON.parse(text)).panels.find(({ type }) => type === 'candlestick');
  expect(candles?.targets.map(({ refId, format }) => [refId, format])).toEqual(
    ['A', 'B', 'C', 'D', 'E'].map((refId) => [refId, 'table']),
  );
  expect(candles).toMatchObject({
    transformations: [{ id: 'joinByField', options: { byField: 'Time' } }],
    options: {
      fields: { open: 'Value #A', high: 'Value #B', low: 'Value #C', close: 'Value #D', volume: 'Value #E' },
    },
  });
});

const METRICS: readonly string[] = [
  ...Object.values(CANDLE_METRICS),
  LATENCY_METRIC,
  ...RULE_GROUPS.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule.record] : []))),
  ...[EXPORTER_METRICS, CONSUMER_METRICS, QUALITY_METRICS, BATCH_METRICS].flatMap((metrics) =>
    Object.values(metrics).map(({ name }) => name),
  ),
];
const BUILT_IN = ['__interval', '__interval_ms', '__rate_interval', '__range', '__from'];

function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
}
