import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.ts';
import type { PlaceablePanel } from './panel.ts';
import { dataSourceVariable } from './variables.ts';

export interface Page {
  /** For good: links lead to it, and provisioning finds the page by it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How far back it opens, as in `now-3h`. */
  readonly from: string;
  /** How often it asks again, as in `30s`. */
  readonly refresh: string;
  /** Beside the data source. @default none */
  readonly variables?: readonly Builder<VariableModel>[];
  readonly sections: readonly Section[];
}

/** Lines of panels under a heading. */
export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Panels side by side, which share the width evenly. */
export interface Line {
  /** In units of Grafana's grid, about 38 pixels each. */
  readonly height: number;
  readonly panels: readonly PlaceablePanel[];
}

export function section(title: string, ...lines: readonly Line[]): Section {
  return { title, lines };
}

export function line(height: number, ...panels: readonly PlaceablePanel[]): Line {
  return { height, panels };
}

/**
 * A dashboard, its panels numbered and placed in the order in which they are given. Places are explicit: the SDK's own
 * put the panels after a tall one over it.
 */
export function dashboardOf(page: Page): Dashboard {
  const dashboard = new DashboardBuilder(page.title)
    .uid(page.uid)
    .description(page.description)
    .tags([TAG])
    .links([linkToOthers()])
    .annotations([...annotations()])
    .readonly()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: page.from, to: 'now' })
    .refresh(page.refresh)
    .variables([dataSourceVariable(), ...(page.variables ?? [])]);
  let id = 0;
  let y = 0;
  for (const { title, lines } of page.sections) {
    dashboard.withRow(new RowBuilder(title).id(++id).gridPos({ x: 0, y, w: WIDTH, h: 1 }));
    y += 1;
    for (const { height, panels } of lines) {
      for (const [index, panel] of panels.entries()) {
        const x = Math.round((WIDTH * index) / panels.length);
        const next = Math.round((WIDTH * (index + 1)) / panels.length);
        dashboard.withPanel(panel.id(++id).gridPos({ x, y, w: next - x, h: height }));
      }
      y += height;
    }
  }
  return dashboard.build();
}

const WIDTH = 24;
const TAG = 'crypto-market';

/** A link to each page; the time range goes along, the variables do not, as they mean other things there. */
function linkToOthers(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Crypto market')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .keepTime(true)
    .includeVars(false)
    .asDropdown(false)
    .targetBlank(false);
}
