import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import type { WarehouseRole } from '#local/snowflake/environment.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { portOf } from '#local/supervisor/run-options.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import { connectWarehouse } from '#snowflake/connection.ts';
import type { Warehouse } from '#snowflake/connection.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

export interface DbtRun {
  readonly exitCode: number | null;
  /** Status by name of the node, as `fct_candles_1m: success`; of a test that did not pass, what it says. */
  readonly results: ReadonlyMap<string, NodeResult>;
  readonly output: string;
}

interface NodeResult {
  readonly status: string;
  readonly kind: string;
  readonly message: string;
  /** Rows that a test found. */
  readonly failures: number | null;
}

export interface DbtWarehouse extends AsyncDisposable {
  /** As the role that owns everything. */
  readonly sql: Warehouse;
  /** What dbt compiled and ran, of every kind. */
  readonly compiledFolders: readonly string[];
  /** Runs dbt to its end; `killAt` kills it, without a word, when its output first matches. */
  dbt(args: readonly string[], killAt?: RegExp): Promise<DbtRun>;
}

/** Makes all candles and what is said of them, but for the technical models, and runs no test. */
export const BUILD_CORE: readonly string[] = [
  'build',
  '--exclude-resource-type',
  'test',
  '--exclude-resource-type',
  'unit_test',
  '--select',
  'path:snapshots',
  'path:models/staging',
  'path:models/intermediate',
  'path:models/marts/core',
  'path:models/marts/operations',
];

/** The emulator in a folder of its own with the landing tables applied, and dbt against it. */
export async function startDbtWarehouse(): Promise<DbtWarehouse> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const [port = 0] = await freePorts(1);
  const options = { folder, portBase: port - portOf({ portBase: 0 }, 'warehouse') };
  await startEmulator(stack, port, join(folder, 'warehouse'));
  const sql = stack.use(await connect(options, 'admin'));
  const { publicKey: key } = keyPairIn(folder);
  const publicKeys = { loader: { key }, transformer: { key }, reader: { key } };
  await applySnowflakeSetup(sql, { publicKeys, say: () => undefined });
  const owned = stack.move();
  return {
    sql,
    compiledFolders: ['compiled', 'run'].map((name) => join(folder, 'target', name)),
    dbt: dbtOn(options),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** dbt against the emulator of that folder, which it leaves its artifacts in. */
export function dbtOn(options: Parameters<typeof warehouseEnvironment>[0]): DbtWarehouse['dbt'] {
  const { folder } = options;
  const environment = {
    ...process.env,
    ...warehouseEnvironment(options, 'transformer'),
    DBT_TARGET_PATH: join(folder, 'target'),
    DBT_LOG_PATH: join(folder, 'logs'),
  };
  return (args, killAt) => runDbt(args, environment, killAt);
}

function connect(options: Parameters<typeof warehouseEnvironment>[0], role: WarehouseRole) {
  const variables = parseVariables(z.object(warehouseVariables), warehouseEnvironment(options, role));
  return connectWarehouse(warehouseSettings(variables));
}

async function startEmulator(stack: AsyncDisposableStack, port: number, data: string): Promise<void> {
  mkdirSync(data);
  const program = join(ROOT, 'local', 'warehouse', 'main.py');
  const child = spawn(pythonTool('warehouse', 'python'), [program, '--port', `${port}`, '--data', data], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exited = once(child, 'exit');
  stack.defer(async () => {
    child.kill();
    await exited;
  });
  const serves = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  // oxlint-disable-next-line no-await-in-loop -- one question at a time
  while (!(await serves())) {
    if (child.exitCode !== null) throw new Error(`expected the emulator to start, it ended with: ${errors}`);
    // oxlint-disable-next-line no-await-in-loop
    await sleep(100);
  }
}

async function runDbt(args: readonly string[], env: NodeJS.ProcessEnv, killAt?: RegExp): Promise<DbtRun> {
  const dbtFolder = join(ROOT, 'dbt');
  const child = spawn(
    pythonTool('dbt', 'dbt'),
    [...args, '--project-dir', dbtFolder, '--profiles-dir', dbtFolder],
    {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (killAt?.test(output)) child.kill('SIGKILL');
    });
  }
  await once(child, 'close');
  const results =
    child.exitCode === null || !hasResults(args)
      ? new Map()
      : await readResults(String(env['DBT_TARGET_PATH']));
  return { exitCode: child.exitCode, results, output };
}

const runResults = z.object({
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      failures: z.number().nullish(),
    }),
  ),
});

/** Freshness leaves results of another kind, which say no more than its output. */
function hasResults([command = '']: readonly string[]): boolean {
  return command !== 'source';
}

async function readResults(target: string): Promise<Map<string, NodeResult>> {
  const { results } = runResults.parse(JSON.parse(await readFile(join(target, 'run_results.json'), 'utf8')));
  return new Map(
    results.map(({ unique_id, status, message, failures }) => {
      // as `model.<project>.<name>`, `test.<project>.<name>.<hash>` or `unit_test.<project>.<model>.<name>`
      const [kind = '', , second = '', third = ''] = unique_id.split('.');
      const name = kind === 'unit_test' ? third : second;
      return [name, { status, kind, message: message ?? '', failures: failures ?? null }];
    }),
  );
}

/** Nodes that failed, warned or were skipped, by name, each with what it said. */
export function problems({ results, output }: DbtRun): readonly string[] {
  if (results.size === 0) return [`no results: ${output.slice(-2000)}`];
  return [...results]
    .filter(([, { status }]) => !['success', 'pass', 'no-op'].includes(status))
    .map(([name, { status, message }]) => `${name}: ${status} ${message}`)
    .toSorted();
}
