import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const FOLDER = join(import.meta.dirname, '../../grafana/generated/dashboards');

/** What the provisioning has to know of the dashboards that are bundled with its function. */
export function generatedDashboards(): { readonly uids: string[]; readonly hash: string } {
  const names = readdirSync(FOLDER).toSorted();
  const texts = names.map((name) => readFileSync(join(FOLDER, name), 'utf8'));
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return { uids: texts.map((text) => dashboard.parse(JSON.parse(text)).uid), hash: hash.digest('hex') };
}

const dashboard = z.object({ uid: z.string() });
