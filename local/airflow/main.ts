import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonTool } from '#local/setup/python.ts';
import { airflowSettingsSchema } from './settings.ts';
import type { AirflowSettings } from './settings.ts';

/**
 * Airflow's three processes as one: the API server, the scheduler and what reads the DAG files. Without a triggerer,
 * since no task defers, and without a server for the tasks' logs, which the API server reads from disk.
 */
async function main(file: string): Promise<number> {
  const settings = airflowSettingsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const env = environmentOf(settings);
  await mkdir(settings.home, { recursive: true });
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort());
  }
  if (!(await migrate(settings, env, stopping.signal))) return stopping.signal.aborted ? 0 : 1;

  const port = String(settings.port);
  const running = [
    start(['api-server', '--host', '127.0.0.1', '--port', port, '--workers', '1'], env),
    start(['dag-processor'], env),
  ];
  const over = aborted(stopping.signal);
  // tasks ask the API server what to do, for a few seconds only: none may start before it answers
  const answers = untilAnswers(settings.port, stopping.signal).then(() => undefined);
  let ended = await Promise.race([...running.map(endOf), over, answers]);
  if (ended === undefined && !stopping.signal.aborted) {
    running.push(start(['scheduler', '--skip-serve-logs'], env));
    ended = await Promise.race([...running.map(endOf), over]);
  }
  const wasAskedTo = stopping.signal.aborted;
  if (!wasAskedTo) say('component-ended', { ended });
  // it may be waiting for an answer still
  stopping.abort();
  await endAll(running);
  return wasAskedTo ? 0 : 1;
}

function endOf({ name, exited }: Component): Promise<string> {
  return exited.then((how) => `${name} ended with ${how}`);
}

async function untilAnswers(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/api/v2/version`, { signal });
      if (response.ok) return;
    } catch {
      // not yet
    }
    await sleep(200, undefined, { signal }).catch(() => {});
  }
}

/** Below the time that the supervisor gives this process. */
const GRACE_MS = 8000;

/** The scheduler waits for its tasks, and they need the API server to end well. */
const SCHEDULER_GRACE_MS = 5000;

interface Component {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves with how it ended, in words. */
  readonly exited: Promise<string>;
}

function start([name, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Component {
  // in this process's group, so that who ends the group ends them too
  const child = spawn(pythonTool('airflow', 'airflow'), [name, ...args], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === null ? `signal ${signal}` : `exit code ${code}`));
  });
  say('component-started', { name, pid: child.pid });
  return { name, child, exited };
}

async function endAll(components: readonly Component[]): Promise<void> {
  const all = Promise.all(components.map(({ exited }) => exited));
  const timer = setTimeout(() => {
    for (const { child } of components) child.kill('SIGKILL');
  }, GRACE_MS);
  for (const { name, child, exited } of components.toReversed()) {
    child.kill('SIGTERM');
    // oxlint-disable-next-line no-await-in-loop -- what started last needs the others
    if (name === 'scheduler') await Promise.race([exited, sleep(SCHEDULER_GRACE_MS)]);
  }
  await all;
  clearTimeout(timer);
}

/** Makes or upgrades the database's tables, once for a version of Airflow; false when that failed. */
async function migrate(
  { home }: AirflowSettings,
  env: NodeJS.ProcessEnv,
  stopping: AbortSignal,
): Promise<boolean> {
  const marker = join(home, 'migrated');
  const version = await readFile(pythonTool('airflow', '../lock.sha256'), 'utf8');
  if ((await readFile(marker, 'utf8').catch(() => '')) === version) return true;
  const migration = start(['db', 'migrate'], env);
  const how = await Promise.race([migration.exited, aborted(stopping)]);
  await endAll([migration]);
  if (how !== 'exit code 0') return false;
  await writeFile(marker, version);
  return true;
}

/** The user's own Airflow, if there is one, has no say here. */
function environmentOf({ home, options }: AirflowSettings): NodeJS.ProcessEnv {
  const shell = Object.entries(process.env).filter(([name]) => !name.startsWith('AIRFLOW'));
  return { ...Object.fromEntries(shell), AIRFLOW_HOME: home, ...options };
}

async function aborted(signal: AbortSignal): Promise<string> {
  if (signal.aborted) return 'stopped';
  // until the process ends, which it does after this
  await sleep(2 ** 31 - 1, undefined, { signal }).catch(() => {});
  return 'stopped';
}

function say(event: string, facts: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...facts }));
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('expected the settings file as the argument, got none');
process.exit(await main(file));
