import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { portOf } from '#local/supervisor/run-options.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { countsIn, countsOfFile } from './landed.ts';

/**
 * `POST /warehouse` starts the Snowflake emulator with an empty landing, and answers with the variables of its clients;
 * `GET /landed` reads back what is in it and stops it. `GET /landed?file=…` does so for a DuckDB file. It is a process of
 * nobody's run, and runs where the system likes, as the contestants do.
 */
export async function keepWarehouses(folder: string): Promise<AsyncDisposable & { readonly url: string }> {
  let running: Awaited<ReturnType<typeof startWarehouse>> | undefined;
  const stop = async () => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  };
  const server = createServer((request, response) => {
    const answer = async () => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const file = searchParams.get('file');
      if (file !== null) return { counts: await countsOfFile(file) };
      if (request.method === 'POST') {
        await stop();
        running = await startWarehouse(folder);
        return running.clients;
      }
      if (!running) throw new Error('expected a warehouse that was started, got none');
      const cpuSeconds = await running.cpuSeconds();
      const counts = await countsIn(running.options);
      await stop();
      return { counts, cpuSeconds };
    };
    answer().then(
      (found) => response.end(JSON.stringify(found)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // a server on TCP has an address with a port
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await stop();
    },
  };
}

async function startWarehouse(folder: string) {
  const own = await mkdtemp(join(folder, 'warehouse-'));
  const [port = 0] = await freePorts(1);
  const options = { folder: own, portBase: port - portOf({ portBase: 0 }, 'warehouse') };
  const warehouse = await startProcess({
    name: 'warehouse',
    command: [
      pythonTool('warehouse', 'python'),
      join(ROOT, 'local', 'warehouse', 'main.py'),
      '--port',
      `${port}`,
      '--data',
      join(own, 'data'),
    ],
    logFile: join(own, 'warehouse.log'),
    isReady: () => answers(`http://127.0.0.1:${port}/healthz`),
    timeoutMs: 60_000,
  });
  const stopWithUs = () => warehouse.kill('SIGKILL');
  process.once('exit', stopWithUs);
  const { publicKey: key } = keyPairIn(own);
  await using admin = await connectAs(options, 'admin');
  await applySnowflakeSetup(admin, {
    publicKeys: { loader: { key }, transformer: { key }, reader: { key } },
    say: () => undefined,
  });
  const before = await cpuSecondsOf(warehouse.pid);
  return {
    options,
    clients: {
      loader: warehouseEnvironment(options, 'loader'),
      admin: warehouseEnvironment(options, 'admin'),
    },
    cpuSeconds: async () => (await cpuSecondsOf(warehouse.pid)) - before,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', stopWithUs);
      await warehouse[Symbol.asyncDispose]();
      await rm(own, { recursive: true, force: true });
    },
  };
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
