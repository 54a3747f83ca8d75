import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askAlerts } from './alerts.ts';
import { buildAssets } from './assets.ts';
import type { Asset } from './assets.ts';
import { answerDashboards } from './dashboards/answer.ts';
import type { Dashboard } from './dashboards/dashboard-schema.ts';
import { loadDashboards } from './dashboards/load-dashboards.ts';
import type { PageEnv } from './env.ts';
import { refuse, SECURITY_HEADERS } from './guards.ts';
import { readDbtRuns } from './dbt-runs.ts';
import { askReady, readState } from './parts.ts';
import { askPrometheus, askSymbols } from './prometheus.ts';
import { buildQuery } from './queries.ts';
import { buildMartQuery } from './mart-query.ts';
import { openWarehouse } from './warehouse.ts';
import type { WarehouseReader } from './warehouse.ts';

export interface Page extends AsyncDisposable {
  readonly url: string;
}

/** Serves the page on 127.0.0.1. Throws when the port is taken or the browser code does not build. */
export async function startPage(env: PageEnv, now: () => number = Date.now): Promise<Page> {
  const dashboards = loadDashboards();
  const assets = await buildAssets(dashboards);
  const warehouse = openWarehouse(env.batch?.warehouse, now);
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo; // a listening TCP server has a port
    handle(request, { env, assets, dashboards, warehouse, port, nowMs: now() })
      .catch((error: unknown): Answer => {
        process.stderr.write(`${JSON.stringify({ event: 'request-failed', error: String(error) })}\n`);
        return text(500, 'this request failed; the log of the page says why');
      })
      .then((answer) => send(response, answer))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `expected port ${env.PORT} of 127.0.0.1 to be free, got ${cause.message}: set PORT to another`;
      reject(new Error(message, { cause }));
    });
    server.listen(env.PORT, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // as above
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await warehouse[Symbol.asyncDispose]();
    },
  };
}

interface Context {
  readonly env: PageEnv;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly dashboards: ReadonlyMap<string, Dashboard>;
  readonly warehouse: WarehouseReader;
  readonly port: number;
  readonly nowMs: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

async function handle(request: IncomingMessage, context: Context): Promise<Answer> {
  const { env, assets, dashboards, warehouse, nowMs, port } = context;
  const refusal = refuse(request, port);
  if (refusal) return text(refusal.status, refusal.message);
  // Not parsed as a URL: that would resolve dots, and here a path is a key of a fixed table, never a file's name.
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const parameters = new URLSearchParams(search);
  switch (path) {
    case '/healthz':
      return text(200, 'ok');
    case '/api/query':
      return query('instant', parameters, env, nowMs);
    case '/api/query_range':
      return query('range', parameters, env, nowMs);
    case '/api/symbols':
      return json(await askSymbols(base(env.PROMETHEUS_URL), nowMs));
    case '/api/readyz':
      return json(await askReady(base(env.EXPORTER_URL)));
    case '/api/alerts':
      return json(await askAlerts(base(env.ALERTMANAGER_URL)));
    case '/api/state':
      return json(await readState(env.STATE_FILE));
    case '/api/warehouse':
      return mart(parameters, warehouse);
    case '/api/dbt':
      return json(await readDbtRuns(env.batch?.artifacts));
    default: {
      const prometheusUrl = base(env.PROMETHEUS_URL);
      const answer = await answerDashboards(path, parameters, { dashboards, prometheusUrl });
      if (answer) return json(answer);
      const asset = assets.get(path.replace(DASHBOARD_NAME, '$1'));
      return asset ? { status: 200, ...asset } : text(404, 'there is no such page');
    }
  }
}

/** A dashboard's address may end with its name, as in Grafana; only its UID counts. */
const DASHBOARD_NAME = /^(\/d\/[^/]+)\/[^/]*$/;

async function query(
  kind: 'instant' | 'range',
  parameters: URLSearchParams,
  env: PageEnv,
  nowMs: number,
): Promise<Answer> {
  const built = buildQuery(kind, parameters, nowMs);
  if (built.kind === 'refused') return text(400, built.reason);
  return json(await askPrometheus(base(env.PROMETHEUS_URL), built, nowMs));
}

async function mart(parameters: URLSearchParams, warehouse: WarehouseReader): Promise<Answer> {
  const built = buildMartQuery(parameters);
  if (built.kind === 'refused') return text(400, built.reason);
  return json(await warehouse.ask(built.key, built.read));
}

function base(url: string): string {
  return url.replace(/\/+$/, '');
}

function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...(status === 405 ? { Allow: 'GET' } : {}),
  });
  response.end(body);
}
