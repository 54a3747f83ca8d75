import type { DashboardPanel } from './dashboard-schema.ts';

/** Panels under a heading; those before the first row have none. */
export interface Section {
  readonly row: { readonly id: number; readonly title: string; readonly collapsed: boolean } | undefined;
  /** In the order in which they are read: from above, and from the left. */
  readonly panels: readonly PlacedPanel[];
}

export interface PlacedPanel {
  readonly panel: DashboardPanel;
  /** Columns and rows of Grafana's grid of 24 columns, from 1, the first row being the section's own. */
  readonly column: number;
  readonly row: number;
}

/** A dashboard's panels by their rows. */
export function sectionsOf(panels: readonly DashboardPanel[]): readonly Section[] {
  const sections: { row: Section['row']; panels: DashboardPanel[] }[] = [];
  for (const panel of panels.toSorted(byPlace)) {
    if (panel.type === 'row') {
      const { id, title, collapsed } = panel;
      const inner = panel.panels.map((one) => ({ ...one, collapsed: false, panels: [] }));
      sections.push({ row: { id, title, collapsed }, panels: inner });
      continue;
    }
    const last = sections.at(-1);
    if (last) last.panels.push(panel);
    else sections.push({ row: undefined, panels: [panel] });
  }
  return sections.map((section) => {
    const top = Math.min(...section.panels.map(({ gridPos }) => gridPos.y));
    const placed = section.panels
      .toSorted(byPlace)
      .map((panel) => ({ panel, column: panel.gridPos.x + 1, row: panel.gridPos.y - top + 1 }));
    return { ...section, panels: placed };
  });
}

function byPlace({ gridPos: a }: DashboardPanel, { gridPos: b }: DashboardPanel): number {
  return a.y - b.y || a.x - b.x;
}
