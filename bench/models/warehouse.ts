import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Counts } from '#bench/run/definition.ts';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { runCommand } from '#local/setup/run-command.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { portOf } from '#local/supervisor/run-options.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import { freePorts } from '#test/local/free-ports.ts';

export interface BenchWarehouse extends AsyncDisposable {
  readonly options: { readonly folder: string; readonly portBase: number };
  readonly cpuSeconds: () => Promise<number>;
}

/** The Snowflake emulator on what is in the folder's `data`, which it makes when there is nothing; with its default memory, unless told. */
export async function startWarehouse(folder: string, memory?: string): Promise<BenchWarehouse> {
  await mkdir(folder, { recursive: true });
  const [port = 0] = await freePorts(1);
  const options = { folder, portBase: port - portOf({ portBase: 0 }, 'warehouse') };
  const warehouse = await startProcess({
    name: 'warehouse',
    command: [
      pythonTool('warehouse', 'python'),
      join(ROOT, 'local', 'warehouse', 'main.py'),
      '--port',
      `${port}`,
      '--data',
      dataIn(folder),
      ...(memory === undefined ? [] : ['--memory', memory]),
    ],
    logFile: join(folder, 'warehouse.log'),
    isReady: () => answers(`http://127.0.0.1:${port}/healthz`),
    timeoutMs: 300_000,
  });
  const stopWithUs = () => warehouse.kill('SIGKILL');
  process.once('exit', stopWithUs);
  return {
    options,
    cpuSeconds: () => cpuSecondsOf(warehouse.pid),
    [Symbol.asyncDispose]: async () => {
      process.off('exit', stopWithUs);
      await warehouse.stop();
    },
  };
}

/** A stopped warehouse with all that landed before `endMinute`, and the records of the hour after it in a file beside; gives what
 * has to be there once that has landed, too. */
export async function landHistory(
  folder: string,
  {
    symbols,
    minutes,
    endMinute,
  }: { readonly symbols: number; readonly minutes: number; readonly endMinute: number },
): Promise<Counts> {
  {
    await using warehouse = await startWarehouse(folder);
    await using admin = await connectAs(warehouse.options, 'admin');
    const { publicKey: key } = keyPairIn(folder);
    await applySnowflakeSetup(admin, {
      publicKeys: { loader: { key }, transformer: { key }, reader: { key } },
      say: () => undefined,
    });
  }
  const program = join(import.meta.dirname, 'land_history.py');
  const numbers = [endMinute, symbols, minutes].map(String);
  const output = await runCommand(pythonTool('warehouse', 'python'), [
    program,
    databaseIn(folder),
    ...numbers,
  ]);
  return z.record(z.string(), z.number()).parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''));
}

/** A DuckDB file, for as long as no emulator runs. */
export function databaseIn(folder: string): string {
  return join(dataIn(folder), 'CRYPTO_MARKET.db');
}

export function hourIn(folder: string): string {
  return join(dataIn(folder), 'hour.json');
}

function dataIn(folder: string): string {
  return join(folder, 'data');
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** By Linux's own count, whose ticks are hundredths; 0 on other systems. */
async function cpuSecondsOf(pid: number): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // the name before it may hold spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
