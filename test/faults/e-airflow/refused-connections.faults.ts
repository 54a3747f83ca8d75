import { expect, test, vi } from 'vitest';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { portOf } from '#local/supervisor/run-options.ts';
import { dbtOn } from '#test/dbt/dbt-warehouse.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

vi.setConfig({ testTimeout: 300_000 });

// Tests of Airflow put a program in dbt's place that ends like this at once: dbt itself tries for over a minute.
test('a warehouse that refuses connections ends dbt with exit code 2 and the words that its task tells of', async () => {
  await using folder = await temporaryFolder();
  const [port = 0] = await freePorts(1);
  keyPairIn(folder.path);
  const nobody = { folder: folder.path, portBase: port - portOf({ portBase: 0 }, 'warehouse') };
  const { exitCode, output } = await dbtOn(nobody)(['source', 'freshness']);
  expect(output).toContain('250001: Could not connect to Snowflake backend');
  expect(exitCode).toBe(2);
});
