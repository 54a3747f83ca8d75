import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { refuse } from '#local/page/guards.ts';

/** Serves /healthz and /metrics on loopback; port 0 takes a free one. */
export async function serveMetrics(port: number, registry: Registry) {
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo; // not a pipe, so it is one of these
    const refusal = refuse(request, own);
    if (refusal) {
      response.writeHead(refusal.status).end(`${refusal.message}\n`);
    } else if (request.url === '/healthz') {
      response.setHeader('content-type', 'application/json').end('{"ok":true}\n');
    } else if (request.url === '/metrics') {
      registry.metrics().then(
        (text) => response.setHeader('content-type', registry.contentType).end(text),
        (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
      );
    } else {
      response.writeHead(404).end('expected /healthz or /metrics\n');
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // not a pipe, so it is one of these
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
