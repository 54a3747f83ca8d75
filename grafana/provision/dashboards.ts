import { remove } from './grafana-client.ts';
import type { DataSourceRef } from './data-source.ts';
import type { GrafanaClient } from './grafana-client.ts';

/** A generated dashboard: Grafana's JSON, of which only this much matters here. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly templating: { readonly list: readonly Variable[] };
  readonly [field: string]: unknown;
}

interface Variable {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Makes each dashboard or brings it to what is given, whatever was changed there by hand since. */
export async function upsertDashboards(
  grafana: GrafanaClient,
  dashboards: readonly Dashboard[],
  to: { readonly folderUid: string; readonly dataSource: DataSourceRef },
): Promise<void> {
  for (const dashboard of dashboards) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time: a small Grafana is easily overloaded
    await grafana('POST', '/api/dashboards/db', {
      dashboard: { ...bind(dashboard, to.dataSource), id: null },
      folderUid: to.folderUid,
      message: 'provisioned',
      overwrite: true,
    });
  }
}

export async function removeDashboard(grafana: GrafanaClient, uid: string): Promise<void> {
  await remove(grafana, `/api/dashboards/uid/${uid}`);
}

/** Opens the dashboard on this data source; which others its list offers follows from the plugin. */
function bind(dashboard: Dashboard, { uid, name, type }: DataSourceRef): Dashboard {
  const list = dashboard.templating.list.map((variable) =>
    variable.type === 'datasource'
      ? { ...variable, query: type, current: { selected: false, text: name, value: uid } }
      : variable,
  );
  return { ...dashboard, templating: { ...dashboard.templating, list } };
}
