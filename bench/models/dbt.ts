import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { runCommand } from '#local/setup/run-command.ts';
import type { BenchWarehouse } from './warehouse.ts';

export interface DbtRun {
  readonly wallSeconds: number;
  /** Of dbt and its children, not of the warehouse. */
  readonly cpuSeconds: number;
  readonly nodes: readonly { readonly name: string; readonly kind: string; readonly seconds: number }[];
}

type Options = BenchWarehouse['options'];

/** As the DAG of the models runs it: all models, and their tests. */
export async function buildAll(options: Options): Promise<DbtRun> {
  const took = join(options.folder, 'took.json');
  const measure = join(ROOT, 'bench', 'run', 'measure.py');
  const build = dbt('build', '--exclude-resource-type', 'unit_test');
  const target = targetIn(options);
  await mkdir(target, { recursive: true });
  await runCommand('python3', [measure, took, '', ...build], { env: environmentOf(options) });
  const { results } = resultsSchema.parse(
    JSON.parse(await readFile(join(target, 'run_results.json'), 'utf8')),
  );
  const { wallSeconds, cpuSeconds } = tookSchema.parse(JSON.parse(await readFile(took, 'utf8')));
  const nodes = results.map(({ unique_id, execution_time }) => {
    const [kind = '', , name = ''] = unique_id.split('.');
    return { name, kind, seconds: execution_time };
  });
  return { wallSeconds, cpuSeconds, nodes };
}

/** What the DAG keeps from run to run, and dbt makes anew for a warehouse at another address. */
export async function parseProject(options: Options): Promise<void> {
  const [command = '', ...args] = dbt('parse');
  await runCommand(command, args, { env: environmentOf(options) });
}

function dbt(...args: readonly string[]): readonly string[] {
  const project = join(ROOT, 'dbt');
  return [pythonTool('dbt', 'dbt'), ...args, '--project-dir', project, '--profiles-dir', project];
}

function targetIn({ folder }: Options): string {
  return join(folder, 'target');
}

function environmentOf(options: Options): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...warehouseEnvironment(options, 'transformer'),
    DBT_TARGET_PATH: targetIn(options),
    DBT_LOG_PATH: join(options.folder, 'logs'),
    // it asks the network
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
  };
}

const tookSchema = z.object({ wallSeconds: z.number(), cpuSeconds: z.number() });

const resultsSchema = z.object({
  results: z.array(z.object({ unique_id: z.string(), execution_time: z.number() })),
});
