import { dashboardOf } from './page.ts';
import { PAGES } from './pages.ts';

/** What is committed in `grafana/generated/dashboards/`, by file name: importable into any Grafana as it is. */
export function dashboardFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(PAGES).map(([name, page]) => [
      `${name}.json`,
      `${JSON.stringify(dashboardOf(page), undefined, 2)}\n`,
    ]),
  );
}
