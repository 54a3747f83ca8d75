import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import type { AirflowSettings } from './settings.ts';

export interface AirflowOptions {
  readonly port: number;
  /** Becomes AIRFLOW_HOME. */
  readonly home: string;
  /** Where dbt runs; each run gets a folder of its own, removed afterwards. */
  readonly dbtFolder: string;
  readonly artifactsFolder: string;
  /** The programs that tasks run as processes, and dbt: the environment that each of them gets. */
  readonly environments: Readonly<
    Record<'dbt' | 'archive-loader' | 'quality-exporter', Record<string, string>>
  >;
}

/** Writes what Airflow reads, and gives the command that runs it. */
export async function prepareAirflow(options: AirflowOptions): Promise<readonly [string, ...string[]]> {
  const environmentFolder = join(options.home, 'environment');
  await mkdir(environmentFolder, { recursive: true, mode: 0o700 });
  for (const [program, environment] of Object.entries(options.environments)) {
    await writePrivate(join(environmentFolder, `${program}.json`), withSystem(environment));
  }
  const settings: AirflowSettings = {
    home: options.home,
    port: options.port,
    options: { ...airflowOptions(options), ...cryptoOptions(options, environmentFolder) },
  };
  const file = join(options.home, 'settings.json');
  await writePrivate(file, settings);
  return [process.execPath, join(ROOT, 'local', 'airflow', 'main.ts'), file];
}

/** Keys are in it: for its user alone, also while it is being written. */
async function writePrivate(file: string, content: unknown): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(next, file);
}

/** What a program needs of the machine, and where Binance is, if the user's shell says so; of it nothing else. */
function withSystem(environment: Readonly<Record<string, string>>): Record<string, string> {
  const system = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(system), ...environment };
}

const KEPT = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'HTTPS_PROXY',
  'NO_PROXY',
  'BINANCE_REST_URLS',
  'ARCHIVE_URL',
];

function cryptoOptions(options: AirflowOptions, environmentFolder: string): Record<string, string> {
  return {
    AIRFLOW__CRYPTO__RUNNER: 'process',
    AIRFLOW__CRYPTO__ENVIRONMENT_FOLDER: environmentFolder,
    AIRFLOW__CRYPTO__ARCHIVE_LOADER_COMMAND: nodeProgram('fargate', 'archive-loader', 'main.ts'),
    AIRFLOW__CRYPTO__QUALITY_EXPORTER_COMMAND: nodeProgram('local', 'quality-exporter', 'main.ts'),
    AIRFLOW__CRYPTO__DBT_EXECUTABLE: pythonTool('dbt', 'dbt'),
    AIRFLOW__CRYPTO__DBT_PROJECT: join(ROOT, 'dbt'),
    AIRFLOW__CRYPTO__RUN_FOLDER: options.dbtFolder,
    AIRFLOW__CRYPTO__ARTIFACTS: options.artifactsFolder,
    AIRFLOW__CRYPTO__ALERT_FILE: join(options.home, 'alerts.jsonl'),
  };
}

function nodeProgram(...path: readonly string[]): string {
  return JSON.stringify([process.execPath, join(ROOT, ...path)]);
}

/** Small, and on loopback only; three tasks at once, as in MWAA's smallest class. */
function airflowOptions({ home, port }: AirflowOptions): Record<string, string> {
  return {
    AIRFLOW__CORE__DAGS_FOLDER: join(ROOT, 'mwaa', 'dags'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '3',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    // whoever reaches the port is this machine's user
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    // seconds to wait for another process's write; by default 5, which a slow disk uses up
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, 'airflow.db')}?timeout=60`,
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: join(home, 'logs'),
    AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
    AIRFLOW__API__SECRET_KEY: randomBytes(32).toString('hex'),
    AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(32).toString('hex'),
    AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES: '1',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '300',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
  };
}
