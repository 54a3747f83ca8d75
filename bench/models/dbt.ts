import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { runCommand } from '#local/setup/run-command.ts';

export interface DbtRun {
  readonly wallSeconds: number;
  /** Of dbt and its children, not of the warehouse. */
  readonly cpuSeconds: number;
  readonly nodes: readonly { readonly name: string; readonly kind: string; readonly seconds: number }[];
}

/** As the DAG of the models runs it: all models, and their tests. */
export async function buildAll(options: {
  readonly folder: string;
  readonly portBase: number;
}): Promise<DbtRun> {
  const project = join(ROOT, 'dbt');
  const target = join(options.folder, 'target');
  const took = join(options.folder, 'took.json');
  await mkdir(target, { recursive: true });
  const args = [
    'build',
    '--exclude-resource-type',
    'unit_test',
    '--project-dir',
    project,
    '--profiles-dir',
    project,
  ];
  const measure = join(ROOT, 'bench', 'run', 'measure.py');
  await runCommand('python3', [measure, took, '', pythonTool('dbt', 'dbt'), ...args], {
    env: {
      ...process.env,
      ...warehouseEnvironment(options, 'transformer'),
      DBT_TARGET_PATH: target,
      DBT_LOG_PATH: join(options.folder, 'logs'),
      // it asks the network
      SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    },
  });
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

const tookSchema = z.object({ wallSeconds: z.number(), cpuSeconds: z.number() });

const resultsSchema = z.object({
  results: z.array(z.object({ unique_id: z.string(), execution_time: z.number() })),
});
