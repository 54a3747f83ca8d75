import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as units from '@grafana/grafana-foundation-sdk/units';
import * as z from 'zod';

const panelModule = z.object({
  PanelBuilder: z.custom<new () => { build(): unknown }>((value) => typeof value === 'function'),
});

const ANY_TYPE = ['dashboard', 'dashboardv2', 'dashboardv2beta1'];

/**
 * What Grafana knows. Its API takes a dashboard with any panel type and any transformation, and the page then shows
 * `Panel plugin not found`.
 */
export const PANEL_TYPES: readonly string[] = await panelTypes();

export const UNITS: readonly string[] = z.array(z.string()).parse(Object.values(units));

/** The SDK has no list of them: Grafana's own, of DataTransformerID in packages/grafana-data, version 12. */
export const TRANSFORMATION_IDS: readonly string[] = [
  'append',
  'calculateField',
  'concatenate',
  'configFromData',
  'convertFieldType',
  'ensureColumns',
  'extractFields',
  'fieldLookup',
  'filterByRefId',
  'filterByValue',
  'filterFieldsByName',
  'formatString',
  'formatTime',
  'groupBy',
  'groupingToMatrix',
  'groupToNestedTable',
  'heatmap',
  'histogram',
  'joinByField',
  'joinByLabels',
  'labelsToFields',
  'limit',
  'merge',
  'organize',
  'partitionByValues',
  'prepareTimeSeries',
  'reduce',
  'regression',
  'renameByRegex',
  'rowsToFields',
  'seriesToRows',
  'sortBy',
  'spatial',
  'timeSeriesTable',
  'transpose',
];

/** Every module of the SDK that has a panel builder names its plugin. */
async function panelTypes(): Promise<readonly string[]> {
  const cog = createRequire(import.meta.url).resolve('@grafana/grafana-foundation-sdk/cog');
  const folder = join(dirname(cog), '..');
  const types: string[] = [];
  for (const name of readdirSync(folder)) {
    // theirs are of any type
    if (ANY_TYPE.includes(name) || !readdirSync(join(folder, name)).includes('panelBuilder.gen.js')) continue;
    // oxlint-disable-next-line no-await-in-loop -- some thirty, once
    const { PanelBuilder } = panelModule.parse(await import(`@grafana/grafana-foundation-sdk/${name}`));
    types.push(z.object({ type: z.string() }).parse(new PanelBuilder().build()).type);
  }
  return types;
}
