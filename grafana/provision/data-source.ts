import * as z from 'zod';
import { find } from './grafana-client.ts';
import type { GrafanaClient } from './grafana-client.ts';
import { upsert } from './upsert.ts';

/** What a dashboard is bound to. */
export interface DataSourceRef {
  readonly uid: string;
  readonly name: string;
  /** The plugin's id. */
  readonly type: string;
}

/** As Grafana's API takes it: settings that the plugin defines, and no secrets. */
export interface DataSource extends DataSourceRef {
  /** @default none: the plugin knows where */
  readonly url?: string;
  readonly isDefault: boolean;
  readonly jsonData: Readonly<Record<string, unknown>>;
}

/** Makes the data source or brings it to what is given. Found by UID, so that a person may rename it. */
export async function upsertDataSource(grafana: GrafanaClient, dataSource: DataSource): Promise<void> {
  const body = { ...dataSource, access: 'proxy' };
  const path = `/api/datasources/uid/${dataSource.uid}`;
  await upsert({
    isThere: async () => (await find(grafana, path)) !== undefined,
    create: () => grafana('POST', '/api/datasources', body),
    update: () => grafana('PUT', path, body),
  });
}

/** Plugins that speak PromQL. */
const PROMETHEUS_TYPES = ['prometheus', 'grafana-amazonprometheus-datasource'];

/** Every data source that can show the dashboards. */
export async function listPrometheusSources(grafana: GrafanaClient): Promise<readonly DataSourceRef[]> {
  const sources = dataSources.parse(await grafana('GET', '/api/datasources'));
  return sources.filter(({ type }) => PROMETHEUS_TYPES.includes(type));
}

const dataSources = z.array(z.object({ uid: z.string(), name: z.string(), type: z.string() }));
