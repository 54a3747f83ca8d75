import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect } from 'vitest';
import { isLoopback, listeningSockets } from './listening-sockets.ts';
import type { Pipeline } from './pipeline.ts';
import { filesWithSecrets } from './planted-secrets.ts';

/** Nobody but this machine reaches any part, and each part that has an address of its own was looked at; says how many sockets were. */
export function expectLoopbackOnly(pipeline: Pipeline): number {
  const sockets = listeningSockets();
  const ports = new Set(sockets.map(({ port }) => port));
  const own = Object.values(pipeline.state().parts).map(({ url }) => Number(url.split(':').at(-1)));
  expect(own.length).toBeGreaterThanOrEqual(6);
  expect(own.filter((port) => !ports.has(port))).toEqual([]);
  expect(sockets.filter((socket) => !isLoopback(socket))).toEqual([]);
  return sockets.length;
}

/** No log, no state and no data of the run shows a secret: neither planted ones nor those that it made for itself; says how many files were looked at. */
export function expectNoSecrets(pipeline: Pipeline, folder: string): number {
  const { looked, found, secrets } = filesWithSecrets(folder, pipeline.state().source);
  expect(secrets.length).toBeGreaterThanOrEqual(9);
  expect(looked).toContain('state.json');
  const parts = Object.keys(pipeline.state().parts);
  const logs = looked.filter((name) => name.endsWith('.log'));
  expect(parts.filter((part) => !logs.some((name) => name.endsWith(`${part}.log`)))).toEqual([]);
  expect(found).toEqual([]);
  return looked.length;
}

/** Those of ours that write, or tell more than numbers, know this machine's names for them only. */
const GUARDED = {
  page: { path: '/api/state', refusal: 421 },
  exchange: { path: '/control/clock', refusal: 403 },
  consumer: { path: '/metrics', refusal: 421 },
  warehouse: { path: '/healthz', refusal: 400 },
} as const;

/** A web page that has its own name resolved to this machine gets nothing of them, and one that writes changes nothing; says how many parts were asked. */
export async function expectNoForeigners(pipeline: Pipeline): Promise<number> {
  const { parts } = pipeline.state();
  let looked = 0;
  for (const [part, { path, refusal }] of Object.entries(GUARDED)) {
    const url = parts[part]?.url;
    if (url === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answers = await Promise.all([
      statusOf(url, path, {}),
      statusOf(url, path, { host: 'attacker.example' }),
    ]);
    expect(answers, part).toEqual([200, refusal]);
    looked += 1;
  }
  // What a form or a script of another origin may send without asking first is plain text.
  const plain = { origin: 'https://attacker.example', 'content-type': 'text/plain' };
  const fault = JSON.stringify({ kind: 'rest-status', status: 500 });
  expect(await statusOf(pipeline.url(1), '/control/faults', plain, fault)).toBe(415);
  expect(await statusOf(pipeline.url(0), '/api/state', plain, fault)).toBe(405);
  expect(await allowedOrigin(pipeline.url(4))).toBeUndefined();
  const connect = parts['connect']?.url;
  if (connect !== undefined) {
    const sink = JSON.stringify({ name: 'theirs', config: { 'connector.class': 'x' } });
    expect(await statusOf(connect, '/connectors', plain, sink)).toBe(415);
  }
  return looked;
}

async function statusOf(url: string, path: string, headers: Readonly<Record<string, string>>, body?: string) {
  return (await exchange(url, path, headers, body)).statusCode;
}

/** Who else's scripts may read the metrics store's answers. */
async function allowedOrigin(prometheus: string) {
  const { headers } = await exchange(prometheus, '/api/v1/query?query=up', {
    origin: 'https://attacker.example',
  });
  return headers['access-control-allow-origin'];
}

/** Not fetch, which sets the Host header by itself. */
async function exchange(url: string, path: string, headers: Readonly<Record<string, string>>, body?: string) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}${path}`, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      response.resume();
      resolve(response);
    })
      .on('error', reject)
      .end(body);
  });
}
