/**
 * Parses the dbt project, or a copy of it in the folder given, and holds the manifest to the project's conventions.
 * Parsing wants an address and goes to none.
 */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './folders.ts';
import { pythonTool } from './python.ts';
import { runCommand } from './run-command.ts';

const NO_WAREHOUSE = { SNOWFLAKE_ACCOUNT: 'none', SNOWFLAKE_USER: 'none', SNOWFLAKE_PRIVATE_KEY: 'none' };

const [, , project = join(ROOT, 'dbt')] = process.argv;
const folder = await mkdtemp(join(tmpdir(), 'crypto-market-dbt-'));
try {
  const target = join(folder, 'target');
  await runCommand(
    pythonTool('dbt', 'dbt'),
    ['parse', '--project-dir', project, '--profiles-dir', project, '--target-path', target],
    { env: { ...process.env, ...NO_WAREHOUSE, DBT_LOG_PATH: join(folder, 'logs') } },
  );
  // it looks for the manifest in `target` beside its configuration
  const configuration = join(folder, 'dbt-bouncer.yml');
  await copyFile(join(project, 'dbt-bouncer.yml'), configuration);
  const args = ['run', '--show-all-failures', '--config-file', configuration];
  const options = { env: { ...process.env, COLUMNS: '200' }, stdio: 'inherit' } as const;
  const { status, error } = spawnSync(pythonTool('lint', 'dbt-bouncer'), args, options);
  if (error) throw error;
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
