import { removeContactPoint, upsertContactPoint } from '#grafana/provision/contact-point.ts';
import { removeDashboard, upsertDashboards } from '#grafana/provision/dashboards.ts';
import { upsertDataSource } from '#grafana/provision/data-source.ts';
import { removeEmptyFolder, upsertFolder } from '#grafana/provision/folder.ts';
import { remove } from '#grafana/provision/grafana-client.ts';
import type { GrafanaClient } from '#grafana/provision/grafana-client.ts';
import { ensurePlugin } from '#grafana/provision/plugin.ts';
import type { Properties } from './request.ts';
import {
  alarmContactPoint,
  cloudWatchSource,
  FOLDER,
  GENERATED_DASHBOARDS,
  metricsSource,
  pluginsFor,
  UIDS,
} from './what-is-provisioned.ts';

/** Each step can be done again: what is there already is brought to what is wanted. */
export async function provision(
  grafana: GrafanaClient,
  properties: Properties,
  grafanaVersion: string,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const dataSource = metricsSource(properties, grafanaVersion);
  for (const plugin of pluginsFor(grafanaVersion)) {
    // oxlint-disable-next-line no-await-in-loop -- an installation at a time
    await ensurePlugin(grafana, plugin, wait);
  }
  await upsertDataSource(grafana, dataSource);
  await upsertDataSource(grafana, cloudWatchSource(properties));
  await upsertFolder(grafana, FOLDER);
  await upsertDashboards(grafana, GENERATED_DASHBOARDS, { folderUid: FOLDER.uid, dataSource });
  await upsertContactPoint(grafana, alarmContactPoint(properties));
}

export async function removeDashboards(grafana: GrafanaClient, uids: readonly string[]): Promise<void> {
  for (const uid of uids) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time
    await removeDashboard(grafana, uid);
  }
}

/** Removes what `provision` made and nothing that people made: each step by itself, and tells those that failed. */
export async function removeProvisioned(
  grafana: GrafanaClient,
  dashboardUids: readonly string[],
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (const step of [
    () => removeContactPoint(grafana, UIDS.alarms),
    () => removeDashboards(grafana, dashboardUids),
    () => removeEmptyFolder(grafana, UIDS.folder),
    () => remove(grafana, `/api/datasources/uid/${UIDS.cloudWatch}`),
    () => remove(grafana, `/api/datasources/uid/${UIDS.metrics}`),
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await step().catch((error: unknown) => failures.push(error));
  }
  return failures;
}
