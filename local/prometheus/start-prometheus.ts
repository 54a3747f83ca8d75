import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { prometheusPath } from '#local/setup/prometheus.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import type { RunningProcess } from '#local/supervisor/start-process.ts';
import { prometheusConfig } from './config.ts';
import type { PrometheusSettings } from './config.ts';

export interface PrometheusOptions extends PrometheusSettings {
  readonly port: number;
  readonly dataDir: string;
  /** Written anew at each start. */
  readonly configFile: string;
}

export interface RunningPrometheus extends RunningProcess {
  readonly url: string;
  /** Where samples are pushed, as REMOTE_WRITE_URL wants it. */
  readonly remoteWriteUrl: string;
}

/** Starts a store and waits until it is ready; `await using` stops it and waits until it is gone. */
export async function startPrometheus(
  options: PrometheusOptions & { readonly logFile: string; readonly timeoutMs?: number },
): Promise<RunningPrometheus> {
  const url = `http://127.0.0.1:${options.port}`;
  const running = await startProcess({
    name: 'prometheus',
    command: await preparePrometheus(options),
    logFile: options.logFile,
    isReady: () => prometheusAnswers(url),
    timeoutMs: options.timeoutMs ?? 60_000,
  });
  return { ...running, url, remoteWriteUrl: `${url}/api/v1/write` };
}

/** Writes the configuration and returns the command that runs the store. */
export async function preparePrometheus(options: PrometheusOptions): Promise<readonly [string, ...string[]]> {
  await mkdir(options.dataDir, { recursive: true });
  await mkdir(dirname(options.configFile), { recursive: true });
  await writeFile(options.configFile, prometheusConfig(options));
  return [
    await prometheusPath('prometheus'),
    `--config.file=${options.configFile}`,
    `--storage.tsdb.path=${options.dataDir}`,
    '--storage.tsdb.retention.time=30d',
    `--web.listen-address=127.0.0.1:${options.port}`,
    '--web.enable-remote-write-receiver',
    // by itself a minute: as long would an Alertmanager that was started anew know of nothing
    '--rules.alert.resend-delay=5s',
    // Its default lets the scripts of every web page that the user has open read all of it.
    '--web.cors.origin=none',
  ];
}

/** True when the store has read its log and takes requests. */
export async function prometheusAnswers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
