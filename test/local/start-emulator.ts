import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { portOf } from '#local/supervisor/run-options.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import type { PublicKeys } from '#snowflake/setup-statements.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

export interface Emulator extends AsyncDisposable {
  /** As a run has them; warehouseEnvironment and connectAs take them. */
  readonly options: { readonly folder: string; readonly portBase: number };
  readonly url: string;
}

/** The Snowflake emulator in a folder of its own, empty. */
export async function startEmulator(): Promise<Emulator> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const [port = 0] = await freePorts(1);
  const program = join(ROOT, 'local', 'warehouse', 'main.py');
  const child = spawn(
    pythonTool('warehouse', 'python'),
    [program, '--port', `${port}`, '--data', join(folder, 'warehouse')],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
  );
  const exited = once(child, 'exit');
  stack.defer(async () => {
    child.kill();
    await exited;
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}/healthz`))) {
    if (child.exitCode !== null) throw new Error(`expected the emulator to start, got its end: ${errors}`);
    await sleep(100);
  }
  const owned = stack.move();
  const options = { folder, portBase: port - portOf({ portBase: 0 }, 'warehouse') };
  return { options, url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The emulator as a run has it, with the account's setup applied. */
export async function startWarehouse(): Promise<Emulator> {
  const emulator = await startEmulator();
  await using admin = await connectAs(emulator.options, 'admin');
  await applySnowflakeSetup(admin, { publicKeys: publicKeysOf(emulator), say: () => undefined });
  return emulator;
}

/** Everybody's is the run's own. */
export function publicKeysOf({ options }: Emulator) {
  const { publicKey: key } = keyPairIn(options.folder);
  return { loader: { key }, transformer: { key }, reader: { key } } satisfies PublicKeys;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
