import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Registry } from 'prom-client';
import { EnvironmentError } from '#domain/environment.ts';

export interface Readiness {
  readonly ready: boolean;
  /** What is wrong, for people; empty when ready. */
  readonly reasons: readonly string[];
  readonly connections: number;
  readonly symbols: number;
  readonly staleSymbols: readonly string[];
}

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  readonly readiness: () => Readiness;
}

/** `/healthz`: the process answers. `/readyz`: it does its work, else 503 with the reasons. `/metrics`: for a scraper. */
export async function startHealthServer(options: HealthServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    switch (request.url?.split('?')[0]) {
      case '/healthz':
        send(200, 'text/plain', 'ok\n');
        break;
      case '/readyz': {
        const readiness = options.readiness();
        send(readiness.ready ? 200 : 503, 'application/json', `${JSON.stringify(readiness)}\n`);
        break;
      }
      case '/metrics':
        options.registry.metrics().then(
          (text) => send(200, options.registry.contentType, text),
          (error: unknown) => send(500, 'text/plain', `${String(error)}\n`),
        );
        break;
      default:
        send(404, 'text/plain', 'expected /healthz, /readyz or /metrics\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portTaken(options, error) : error),
    );
    server.listen(options.port, options.host, resolve);
  });
  return server;
}

function portTaken({ host, port }: HealthServerOptions, cause: Error): EnvironmentError {
  return new EnvironmentError(
    `METRICS_PORT: expected a free port on ${host}, got ${port}, where another process listens: end that one or choose another port`,
    { cause },
  );
}
