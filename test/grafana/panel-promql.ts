import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import * as z from 'zod';
import { dashboardFiles } from '#grafana/dashboards/dashboard-files.ts';
import { prometheusPath } from '#local/setup/prometheus.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const query = z.looseObject({ expr: z.string() });
const dashboard = z.object({
  panels: z.array(
    z.looseObject({ title: z.string(), type: z.string(), targets: z.array(query).default([]) }),
  ),
  annotations: z.object({ list: z.array(query) }),
});

/** The generated dashboards, by the name of their files. */
export function readDashboards(): ReadonlyMap<string, z.infer<typeof dashboard>> {
  return new Map(
    Object.entries(dashboardFiles()).map(([name, text]) => [name, dashboard.parse(JSON.parse(text))]),
  );
}

/** As Grafana asks it, for steps of so many minutes. */
export function filledIn(expr: string, minutes: number, { symbol = 'BTCUSDT' } = {}): string {
  return expr
    .replaceAll('$__interval_ms', String(minutes * 60_000))
    .replaceAll('$__from', '0')
    .replaceAll('$window', 'today')
    .replaceAll('$__rate_interval', '2m')
    .replaceAll('$__interval', `${minutes}m`)
    .replaceAll('$symbol', symbol);
}

/** What it printed; throws with what it complains of. */
export async function promtool(command: 'check' | 'test', content: unknown): Promise<string> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'queries.yaml');
  writeFileSync(file, stringify(content));
  return execFileSync(await prometheusPath('promtool'), [command, 'rules', file], { encoding: 'utf8' });
}
