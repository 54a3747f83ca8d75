import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles } from './dashboards/dashboard-files.ts';

/** Writes what the definitions beside this file say, and removes what none of them says any more. */
const folder = join(import.meta.dirname, 'generated/dashboards');
const files = dashboardFiles();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) {
  if (!Object.hasOwn(files, name)) rmSync(join(folder, name));
}
for (const [name, text] of Object.entries(files)) {
  writeFileSync(join(folder, name), text);
  console.log(`grafana/generated/dashboards/${name}`);
}
