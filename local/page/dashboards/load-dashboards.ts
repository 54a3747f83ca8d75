import * as z from 'zod';
import { GENERATED_DASHBOARDS } from '#grafana/provision/generated-dashboards.ts';
import { dashboardSchema } from './dashboard-schema.ts';
import type { Dashboard, DashboardPanel } from './dashboard-schema.ts';

/** The committed dashboards by their UID. Throws when one has a shape that the page can't read. */
export function loadDashboards(
  dashboards: readonly { readonly uid: string }[] = GENERATED_DASHBOARDS,
): ReadonlyMap<string, Dashboard> {
  return new Map(
    dashboards.map((json) => {
      const parsed = dashboardSchema.safeParse(json);
      if (parsed.success) return [json.uid, parsed.data];
      const problems = z.prettifyError(parsed.error);
      throw new Error(`dashboard ${json.uid}: expected what the page can draw, got\n${problems}`);
    }),
  );
}

/** Every panel that asks something, those of collapsed rows included. */
export function panelsOf(dashboard: Dashboard): readonly DashboardPanel[] {
  return dashboard.panels.flatMap((panel) => {
    if (panel.type !== 'row') return [panel];
    return panel.panels.map((inner) => ({ ...inner, collapsed: false, panels: [] }));
  });
}
