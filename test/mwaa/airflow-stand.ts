import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareAirflow } from '#local/airflow/prepare-airflow.ts';
import type { AirflowOptions } from '#local/airflow/prepare-airflow.ts';
import { airflowSettingsSchema } from '#local/airflow/settings.ts';
import { pythonTool } from '#local/setup/python.ts';

interface DagRun {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Ends what still runs when a test gave up on it. */
export interface AirflowStand extends AsyncDisposable {
  readonly artifacts: string;
  /** Runs a DAG to its end by `airflow dags test`; `onOutput` hears all that it said so far. */
  test(dag: string, conf?: object, onOutput?: (output: string) => void): Promise<DagRun>;
}

/** Airflow with the options of `npm start` and the real DAGs, and without a scheduler: a test says what runs. */
export async function startAirflow(
  folder: string,
  environments: AirflowOptions['environments'],
): Promise<AirflowStand> {
  const home = join(folder, 'airflow');
  const artifacts = join(folder, 'dbt-artifacts');
  const dbtFolder = join(folder, 'dbt');
  await prepareAirflow({ port: 1, home, dbtFolder, artifactsFolder: artifacts, environments });
  const settings = airflowSettingsSchema.parse(
    JSON.parse(await readFile(join(home, 'settings.json'), 'utf8')),
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PYTHONDONTWRITEBYTECODE: '1',
    AIRFLOW_HOME: home,
    ...settings.options,
  };
  const running = new Set<ChildProcess>();
  const run = (args: readonly string[], onOutput?: (output: string) => void) =>
    runAirflow(args, env, running, onOutput);
  // the DAGs too, since two runs that both write them for the first time are in each other's way
  for (const args of [
    ['db', 'migrate'],
    ['dags', 'reserialize'],
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    const { exitCode, output } = await run(args);
    if (exitCode !== 0) throw new Error(`expected airflow ${args.join(' ')} to end well, got ${output}`);
  }
  return {
    artifacts,
    test: (dag, conf, onOutput) =>
      run(['dags', 'test', dag, ...(conf ? ['--conf', JSON.stringify(conf)] : [])], onOutput),
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill();
      await Promise.all([...running].map((child) => once(child, 'close')));
    },
  };
}

async function runAirflow(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  running: Set<ChildProcess>,
  onOutput: (output: string) => void = () => {},
): Promise<DagRun> {
  const child = spawn(pythonTool('airflow', 'airflow'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput(output);
    });
  }
  const [exitCode] = await once(child, 'close');
  running.delete(child);
  return { exitCode: typeof exitCode === 'number' ? exitCode : null, output };
}
