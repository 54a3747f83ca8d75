import { readdir, readFile } from 'node:fs/promises';
import { dashboardSchema } from '#local/page/dashboards/dashboard-schema.ts';
import type { DashboardPanel } from '#local/page/dashboards/dashboard-schema.ts';

const FOLDER = new URL('../../../../grafana/generated/dashboards/', import.meta.url);

export interface GeneratedPanel {
  readonly dashboard: string;
  readonly panel: DashboardPanel;
  /** Of its defaults, overrides and options. */
  readonly units: readonly string[];
  /** Of its thresholds, fixed colours and options. */
  readonly colours: readonly string[];
}

/** Every panel of the committed dashboards, those in collapsed rows too. */
export async function generatedPanels(): Promise<GeneratedPanel[]> {
  const found: GeneratedPanel[] = [];
  for (const name of await readdir(FOLDER)) {
    const dashboard = dashboardSchema.parse(JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')));
    const panels = dashboard.panels.flatMap((panel) => [
      panel,
      ...panel.panels.map((inner) => ({ ...inner, collapsed: false, panels: [] })),
    ]);
    for (const panel of panels.filter(({ type }) => type !== 'row')) {
      const settings = { fieldConfig: panel.fieldConfig, options: panel.options };
      found.push({
        dashboard: name,
        panel,
        units: valuesUnder(settings, (key, id) => key === 'unit' || id === 'unit'),
        colours: valuesUnder(settings, (key) => ['color', 'fixedColor', 'up', 'down', 'flat'].includes(key)),
      });
    }
  }
  return found;
}

/** The texts that lie under such a key, anywhere below; an override has its key in `id`, its text in `value`. */
function valuesUnder(of: unknown, wanted: (key: string, id: unknown) => boolean): string[] {
  if (typeof of !== 'object' || of === null) return [];
  const id = 'id' in of ? of.id : undefined;
  return Object.entries(of).flatMap(([key, value]) =>
    typeof value === 'string'
      ? wanted(key, key === 'value' ? id : undefined)
        ? [value]
        : []
      : valuesUnder(value, wanted),
  );
}
