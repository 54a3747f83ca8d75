import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { alertmanagerCommand } from '#local/setup/alertmanager.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import type { RunningProcess } from '#local/supervisor/start-process.ts';

export interface AlertmanagerOptions {
  readonly port: number;
  /** Silences and what was told live here. */
  readonly dataDir: string;
  /** Written anew at each start. */
  readonly configFile: string;
  /** What goes into it. */
  readonly config: string;
}

export interface RunningAlertmanager extends RunningProcess {
  readonly url: string;
}

/** Starts Alertmanager and waits until it is ready; `await using` stops it and waits until it is gone. */
export async function startAlertmanager(
  options: AlertmanagerOptions & { readonly logFile: string },
): Promise<RunningAlertmanager> {
  const url = `http://127.0.0.1:${options.port}`;
  const running = await startProcess({
    name: 'alertmanager',
    command: await prepareAlertmanager(options),
    logFile: options.logFile,
    isReady: () => alertmanagerAnswers(url),
    timeoutMs: 30_000,
  });
  return { ...running, url };
}

/** Writes the configuration and returns the command that runs it. */
export async function prepareAlertmanager({
  port,
  dataDir,
  configFile,
  config,
}: AlertmanagerOptions): Promise<readonly [string, ...string[]]> {
  await mkdir(dataDir, { recursive: true });
  await mkdir(dirname(configFile), { recursive: true });
  await writeFile(configFile, config);
  return [
    ...(await alertmanagerCommand()),
    `--config.file=${configFile}`,
    `--storage.path=${dataDir}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://127.0.0.1:${port}`,
    // one alone: it would listen on all interfaces for others
    '--cluster.listen-address=',
  ];
}

export async function alertmanagerAnswers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
