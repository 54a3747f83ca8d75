import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORTER_NODE_FLAGS } from '#fargate/ohlc-exporter/env.ts';
import { startProcess } from '#local/supervisor/start-process.ts';

/** The exporter as its own process, on a health port of its own. */
export async function startExporter(
  env: Readonly<Record<string, string>>,
  folder: string,
  isReady = answersReady,
  nodeFlags: readonly string[] = [],
) {
  const port = await freePort();
  const logFile = join(folder, `exporter-${port}.log`);
  const url = `http://127.0.0.1:${port}`;
  const running = await startProcess({
    name: 'exporter',
    command: [
      process.execPath,
      ...EXPORTER_NODE_FLAGS,
      ...nodeFlags,
      join(import.meta.dirname, '../../../fargate/ohlc-exporter/main.ts'),
    ],
    env: { ...env, METRICS_PORT: String(port) },
    logFile,
    isReady: () => isReady(url),
    timeoutMs: 30_000,
  });
  return {
    ...running,
    url,
    log: () => readFileSync(logFile, 'utf8'),
    /** The sum over all labels of one of its metrics, or over those with a label like `reason="age"`. */
    metric: async (name: string, label = '') => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const lines = text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
        .filter((line) => line.includes(label));
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
  };
}

async function answersReady(url: string): Promise<boolean> {
  return (await statusOf(`${url}/readyz`)) === 200;
}

/** The process answers, ready or not. */
export async function answers(url: string): Promise<boolean> {
  return (await statusOf(`${url}/healthz`)) === 200;
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url)).status;
  } catch {
    return undefined; // not listening yet
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
