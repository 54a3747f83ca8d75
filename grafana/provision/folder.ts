import * as z from 'zod';
import { find, remove } from './grafana-client.ts';
import type { GrafanaClient } from './grafana-client.ts';
import { upsert } from './upsert.ts';

export interface Folder {
  readonly uid: string;
  readonly title: string;
}

export async function upsertFolder(grafana: GrafanaClient, { uid, title }: Folder): Promise<void> {
  const path = `/api/folders/${uid}`;
  await upsert({
    isThere: async () => (await find(grafana, path)) !== undefined,
    create: () => grafana('POST', '/api/folders', { uid, title }),
    update: () => grafana('PUT', path, { title, overwrite: true }),
  });
}

/** Grafana removes what is in a folder with it: one that holds what others made stays. */
export async function removeEmptyFolder(grafana: GrafanaClient, uid: string): Promise<void> {
  if ((await find(grafana, `/api/folders/${uid}`)) === undefined) return;
  const inside = contents.parse(await grafana('GET', `/api/search?folderUIDs=${uid}`));
  if (inside.length === 0) await remove(grafana, `/api/folders/${uid}`);
}

const contents = z.array(z.unknown());
