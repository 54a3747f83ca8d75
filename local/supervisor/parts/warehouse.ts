import { join } from 'node:path';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { ask } from '#local/supervisor/ask.ts';
import type { Part } from '#local/supervisor/part.ts';
import { dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';

/** Stands in for Snowflake: a Snowflake emulator on DuckDB, with the account's real setup applied to it. */
export function warehousePart(options: RunOptions): Part {
  const url = urlOf(options, 'warehouse');
  return {
    name: 'warehouse',
    half: 'batch',
    dependsOn: [],
    ports: [portOf(options, 'warehouse')],
    url,
    prepare: () =>
      Promise.resolve({
        command: [
          pythonTool('warehouse', 'python'),
          join(ROOT, 'local', 'warehouse', 'main.py'),
          `--port=${portOf(options, 'warehouse')}`,
          `--data=${join(dataFolder(options), 'warehouse')}`,
        ],
      }),
    check: async () => {
      const { status } = await ask(`${url}/healthz`);
      return status === 200 ? { kind: 'ready' } : { kind: 'down', detail: `/healthz answers ${status}` };
    },
    onceUp: () => applySetup(options),
    // it checkpoints its database on the way out
    stopTimeoutMs: 30_000,
  };
}

async function applySetup(options: RunOptions): Promise<void> {
  await using warehouse = await connectAs(options, 'admin');
  const key = { key: keyPairIn(options.folder).publicKey };
  const publicKeys = { loader: key, transformer: key, reader: key };
  // nothing is said while all is well; what fails is thrown with its file and line
  await applySnowflakeSetup(warehouse, { publicKeys, say: () => {} });
}
