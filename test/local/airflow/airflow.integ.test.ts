import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { prepareAirflow } from '#local/airflow/prepare-airflow.ts';
import { launch } from '#local/supervisor/launch.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

// Linux tells of every process what it was started with and what it listens on.
test.skipIf(process.platform !== 'linux')(
  'Airflow comes up on one port of loopback, runs the models at once, and leaves nothing behind when it is killed',
  async () => {
    await using folder = await temporaryFolder();
    const home = join(folder.path, 'airflow');
    const [port = 0, closed = 0] = await freePorts(2);
    const command = await prepareAirflow({
      port,
      home,
      dbtFolder: join(folder.path, 'dbt'),
      artifactsFolder: join(folder.path, 'dbt-artifacts'),
      // dbt comes to nothing, but takes its time
      environments: { dbt: unreachable(closed), 'archive-loader': {}, 'quality-exporter': {} },
    });
    const airflow = await launch({
      name: 'airflow',
      command,
      logFile: join(folder.path, 'airflow.log'),
      ownGroup: true,
      // what a user has of their own Airflow
      env: { AIRFLOW__CORE__DAGS_FOLDER: '/nowhere', AIRFLOW_HOME: '/nowhere' },
    });
    const exited = vi.fn<(how: string) => void>();
    void airflow.exited.then(exited);
    let running: readonly number[] = [];
    try {
      const url = `http://127.0.0.1:${port}/api/v2/monitor/health`;
      await vi.waitFor(
        async () => {
          expect(exited).not.toHaveBeenCalled();
          const health = healthSchema.parse(await (await fetch(url)).json());
          expect(health).toEqual({ scheduler: HEALTHY, dag_processor: HEALTHY });
        },
        { timeout: 150_000, interval: 500 },
      );
      await vi.waitFor(() => expect(treeOf(airflow.pid).some(isDbt)).toBe(true), {
        timeout: 60_000,
        interval: 100,
      });
      running = treeOf(airflow.pid).map(({ pid }) => pid);
      expect(running.length).toBeGreaterThan(5);
      expect(listenersOf(running)).toEqual([`0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`]);
    } finally {
      airflow.kill('SIGKILL');
    }
    await airflow.exited;
    await vi.waitFor(() => expect(running.filter((pid) => facts(pid) !== undefined)).toEqual([]), 10_000);
  },
  240_000,
);

const HEALTHY = { status: 'healthy' };
const componentSchema = z.object({ status: z.string().nullable() });
const healthSchema = z.object({ scheduler: componentSchema, dag_processor: componentSchema });

function unreachable(port: number): Record<string, string> {
  return {
    SNOWFLAKE_ACCOUNT: 'local',
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: String(port),
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_USER: 'NOBODY',
    SNOWFLAKE_PRIVATE_KEY: 'none',
  };
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function isDbt({ command }: Running): boolean {
  return /\bdbt (build|source)/.test(command);
}

/** The process, what it started, and what that started. */
function treeOf(root: number): readonly Running[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => facts(Number(name)) ?? []);
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** Undefined when there is no such process, or nothing left of it but its exit code. */
function facts(pid: number): Running | undefined {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (state === 'Z') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

/** Address and port as the kernel writes them, of sockets that listen. */
function listenersOf(pids: readonly number[]): readonly string[] {
  const LISTEN = '0A';
  const listening = new Map<string, string>(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .flatMap(([, local, , state, , , , , , inode]) =>
          state === LISTEN ? [[`socket:[${inode}]`, local ?? ''] as const] : [],
        ),
    ),
  );
  const links = pids.flatMap((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      return [];
    }
  });
  return [...new Set(links.flatMap((link) => listening.get(link) ?? []))];
}
