import { join } from 'node:path';
import { ROOT } from '#local/setup/folders.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { ask } from '#local/supervisor/ask.ts';
import type { Part } from '#local/supervisor/part.ts';
import { dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { stateFileIn } from '#local/supervisor/state-file.ts';

export function pagePart(options: RunOptions): Part {
  const url = urlOf(options, 'page');
  return {
    name: 'page',
    half: 'live',
    // it says itself what is wrong with the others, so it waits for none
    dependsOn: [],
    ports: [portOf(options, 'page')],
    url,
    prepare: () =>
      Promise.resolve({
        command: [process.execPath, join(ROOT, 'local', 'page', 'main.ts')],
        env: {
          PORT: String(portOf(options, 'page')),
          PROMETHEUS_URL: urlOf(options, 'prometheus'),
          EXPORTER_URL: urlOf(options, 'exporter'),
          ALERTMANAGER_URL: urlOf(options, 'alertmanager'),
          STATE_FILE: stateFileIn(options.folder),
          ...batchEnvironment(options),
        },
      }),
    check: async () => {
      const { status } = await ask(`${url}/healthz`);
      return status === 200 ? { kind: 'ready' } : { kind: 'down', detail: `/healthz answers ${status}` };
    },
  };
}

function batchEnvironment(options: RunOptions): Record<string, string> {
  if (!options.batch) return { WAREHOUSE: 'off' };
  return {
    WAREHOUSE: 'on',
    DBT_ARTIFACTS: join(dataFolder(options), 'dbt-artifacts'),
    ...warehouseEnvironment(options, 'reader'),
  };
}
