import * as z from 'zod';
import { find, GrafanaError, remove } from './grafana-client.ts';
import type { GrafanaClient } from './grafana-client.ts';

export interface Folder {
  readonly uid: string;
  readonly title: string;
}

export async function upsertFolder(grafana: GrafanaClient, { uid, title }: Folder): Promise<void> {
  const path = `/api/folders/${uid}`;
  const found = await find(grafana, path);
  if (found !== undefined) {
    if (folder.parse(found).title !== title) await grafana('PUT', path, { title, overwrite: true });
    return;
  }
  try {
    await grafana('POST', '/api/folders', { uid, title });
  } catch (error) {
    // made by an attempt whose answer was lost
    if (error instanceof GrafanaError && CONFLICTS.includes(error.status)) await grafana('GET', path);
    else throw error;
  }
}

/** Grafana removes what is in a folder with it: one that holds what others made stays. */
export async function removeEmptyFolder(grafana: GrafanaClient, uid: string): Promise<void> {
  if ((await find(grafana, `/api/folders/${uid}`)) === undefined) return;
  const inside = contents.parse(await grafana('GET', `/api/search?folderUIDs=${uid}`));
  if (inside.length === 0) await remove(grafana, `/api/folders/${uid}`);
}

const CONFLICTS: readonly number[] = [409, 412];
const folder = z.object({ title: z.string() });
const contents = z.array(z.unknown());
