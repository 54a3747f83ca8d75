import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles } from './dashboards/dashboard-files.ts';
import { ruleFiles } from './rules/rule-files.ts';

/** Writes what the definitions beside this file say, and removes the dashboards that none of them says any more. */
const dashboards = dashboardFiles();
const files = {
  ...Object.fromEntries(Object.entries(dashboards).map(([name, text]) => [`dashboards/${name}`, text])),
  ...ruleFiles(),
};
const folder = join(import.meta.dirname, 'generated');
mkdirSync(join(folder, 'dashboards'), { recursive: true });
for (const name of readdirSync(join(folder, 'dashboards'))) {
  if (!Object.hasOwn(dashboards, name)) rmSync(join(folder, 'dashboards', name));
}
for (const [name, text] of Object.entries(files)) {
  writeFileSync(join(folder, name), text);
  console.log(`grafana/generated/${name}`);
}
