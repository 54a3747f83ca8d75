import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const DASHBOARDS = 'grafana/generated/dashboards';

/** What decides what is put into Grafana: the dashboards, and the code that says what else and how. */
const SOURCES = [DASHBOARDS, 'grafana/provision', 'lambdas/grafana-provisioning'];

/** The dashboards that are bundled with the provisioning's function, and a hash that changes with whatever it would do. */
export function provisionedContent(): { readonly dashboardUids: string[]; readonly hash: string } {
  const hash = createHash('sha256');
  for (const text of SOURCES.flatMap(textsIn)) hash.update(text);
  return {
    dashboardUids: textsIn(DASHBOARDS).map((text) => dashboard.parse(JSON.parse(text)).uid),
    hash: hash.digest('hex'),
  };
}

function textsIn(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder)).toSorted();
  return names.map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}

const dashboard = z.object({ uid: z.string() });
