import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPage } from '#local/page/server.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { runningState } from './stand.ts';

const resources = new AsyncDisposableStack();
const asked: URL[] = [];
let answer = { status: 200, body: '' };
let port = 0;
let stateFile = '';

beforeAll(async () => {
  const folder = resources.use(await temporaryFolder());
  stateFile = join(folder.path, 'state.json');
  const upstream = createServer((incoming, response) => {
    asked.push(new URL(incoming.url ?? '', 'http://upstream'));
    response.writeHead(answer.status).end(answer.body);
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  resources.defer(() => void upstream.close());
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`; // listening, so it has a port
  const page = await startPage({
    PORT: 0,
    PROMETHEUS_URL: `${url}/`,
    EXPORTER_URL: url,
    ALERTMANAGER_URL: url,
    STATE_FILE: stateFile,
    batch: undefined,
  });
  resources.use(page);
  port = Number(new URL(page.url).port);
});
afterAll(() => resources.disposeAsync());

/** By node:http and not fetch, which would tidy up paths and set the host itself. */
async function get(
  path: string,
  options: { readonly method?: string; readonly headers?: OutgoingHttpHeaders } = {},
) {
  const sent = request({ host: '127.0.0.1', port, path, ...options }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: Number(response.statusCode), headers: response.headers as IncomingHttpHeaders, body };
}

test('the page, its code, its style and its icon are served, under a policy that lets in nothing else', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/app.js', 'text/javascript'],
    ['/style.css', 'text/css'],
    ['/icon.svg', 'image/svg+xml'],
  ] as const) {
    const { status, headers, body } = await get(path);
    expect([path, status, headers['content-type']]).toEqual([path, 200, expect.stringContaining(type)]);
    expect(body.length).toBeGreaterThan(100);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

test('what is served names no other host to load from', async () => {
  const { body } = await get('/');
  const loaded = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target]) => target);
  expect(loaded).toContain('/app.js');
  const outside = loaded.filter((target) => /^(\w+:)?\/\//.test(target ?? ''));
  expect(outside).toEqual(['https://www.tradingview.com/']);
  expect((await get('/style.css')).body).not.toMatch(/url\(\s*["']?(https?:)?\/\//);
});

test.each([['evil.example'], ['evil.example:80'], ['127.0.0.1.evil.example'], ['127.0.0.1']])(
  'a request for the host %j is refused, which is how a foreign web page would come',
  async (host) => {
    expect((await get('/api/state', { headers: { host } })).status).toBe(421);
    expect((await get('/', { headers: { host } })).status).toBe(421);
  },
);

test('localhost is this machine too', async () => {
  expect((await get('/healthz', { headers: { host: `LOCALHOST:${port}` } })).status).toBe(200);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s is refused', async (method) => {
  const { status, headers } = await get('/api/query?name=pipeline', { method });
  expect([status, headers.allow]).toEqual([405, 'GET']);
});

test.each([
  '/../package.json',
  '/%2e%2e/package.json',
  '/..%2fpackage.json',
  '//etc/passwd',
  '/browser/main.ts',
  '/app.js/../../env.ts',
  '/__proto__',
  '/index.html%00',
])('the path %s leads to no file', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('a bad query is refused with the reason, and Prometheus is not asked', async () => {
  asked.length = 0;
  const { status, body } = await get(
    `/api/query?name=candles&range=2h&symbol=${encodeURIComponent('"} or up{')}`,
  );
  expect([status, body]).toEqual([400, expect.stringContaining('symbol: expected')]);
  expect((await get('/api/query?query=up')).status).toBe(400);
  expect(asked).toEqual([]);
});

test('samples come with times in whole milliseconds and values in the words of Prometheus', async () => {
  const metric = { __name__: 'crypto_candle_close_price', symbol: 'BTCUSDT' };
  const values = [
    [1763812859.999, '1e-05'],
    [1763812919.999, '112749.72'],
  ];
  answer = {
    status: 200,
    body: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } }),
  };
  asked.length = 0;
  const { body } = await get('/api/query?name=candles&symbol=BTCUSDT&range=2h');
  expect(JSON.parse(body)).toMatchObject({
    kind: 'series',
    series: [
      {
        labels: metric,
        samples: [
          [1763812859999, '1e-05'],
          [1763812919999, '112749.72'],
        ],
      },
    ],
  });
  expect(asked.map(({ pathname }) => pathname)).toEqual(['/api/v1/query']);
  expect(asked[0]?.searchParams.get('query')).toMatch(/symbol="BTCUSDT"\}\[2h\]$/);
});

test('a range is asked for with its start, end and step', async () => {
  asked.length = 0;
  await get('/api/query_range?name=latency-all&range=5m');
  expect(asked[0]?.pathname).toBe('/api/v1/query_range');
  expect(asked[0]?.searchParams.get('end')).toMatch(/^\d+9\.999$/);
  expect(asked[0]?.searchParams.get('step')).toBe('60');
});

async function state(): Promise<unknown> {
  return JSON.parse((await get('/api/state')).body);
}

test.each([
  [503, 'out of order', 'it answered 503: out of order'],
  [200, '<html>', 'its answer was not understood'],
  [200, '{"status":"error"}', 'its answer was not understood'],
])('an answer of %i %s is told, not thrown', async (status, upstreamBody, detail) => {
  answer = { status, body: upstreamBody };
  const { status: own, body } = await get('/api/query?name=pipeline');
  expect([own, JSON.parse(body)]).toEqual([200, expect.objectContaining({ kind: 'unreachable', detail })]);
});

test('an exporter that is not ready answers 503, and its reasons come through', async () => {
  const said = { ready: false, reasons: ['no Kafka'], connections: 0, symbols: 2, staleSymbols: ['ETHUSDT'] };
  answer = { status: 503, body: JSON.stringify(said) };
  expect(JSON.parse((await get('/api/readyz')).body)).toEqual({ kind: 'exporter', ...said });
});

const alert = (fingerprint: string, alertname: string, severity: string, more = {}) => ({
  fingerprint,
  labels: { alertname, severity, symbol: 'BTCUSDT' },
  annotations: { summary: 's', description: 'd', dashboard: '/d/x?var-a=b', runbook: 'docs/runbooks/x.md' },
  startsAt: '2026-11-22T12:00:00.000Z',
  status: { state: 'active', inhibitedBy: [], silencedBy: [] },
  ...more,
});

test('alerts come the gravest first, what nobody is told of last, and link to nothing but this page', async () => {
  answer = {
    status: 200,
    body: JSON.stringify([
      alert('1', 'SymbolStale', 'warning', { status: { inhibitedBy: ['4', '4'], silencedBy: [] } }),
      alert('2', 'PriceMoved', 'info', { annotations: { dashboard: 'https://evil.example/d/x' } }),
      alert('3', 'ClockOff', 'warning'),
      alert('4', 'CandlesStopped', 'critical'),
      alert('5', 'DeadLetters', 'critical', { status: { inhibitedBy: [], silencedBy: ['s'] } }),
    ]),
  };
  const { kind, alerts } = JSON.parse((await get('/api/alerts')).body);
  expect(kind).toBe('alerts');
  expect(
    alerts.map((one: Record<string, unknown>) => [one['name'], one['state'], one['inhibitedBy']]),
  ).toEqual([
    ['CandlesStopped', 'active', []],
    ['ClockOff', 'active', []],
    ['PriceMoved', 'active', []],
    ['DeadLetters', 'silenced', []],
    ['SymbolStale', 'inhibited', ['CandlesStopped']],
  ]);
  expect(alerts[0]).toMatchObject({
    sinceMs: Date.parse('2026-11-22T12:00:00Z'),
    dashboard: '/d/x?var-a=b',
    runbook: 'docs/runbooks/x.md',
  });
  expect(alerts[2]).not.toHaveProperty('dashboard');
  answer = { status: 503, body: 'starting' };
  expect(JSON.parse((await get('/api/alerts')).body)).toMatchObject({ kind: 'unreachable' });
});

test('the state file is read anew each time; what is wrong with it is said', async () => {
  expect(await state()).toEqual({ kind: 'unknown', detail: `there is no ${stateFile}` });
  writeFileSync(stateFile, '{');
  expect(await state()).toEqual({ kind: 'unknown', detail: `${stateFile} is not JSON` });
  writeFileSync(stateFile, JSON.stringify(runningState('live', { kafka: { url: 'x', state: 'asleep' } })));
  expect(await state()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('parts') });
  writeFileSync(stateFile, JSON.stringify(runningState('live')));
  expect(await state()).toMatchObject({
    kind: 'state',
    source: 'live',
    parts: expect.arrayContaining([{ name: 'consumer', url: expect.any(String), state: 'running', lag: 0 }]),
  });
});

test('a taken port is named', async () => {
  const env = {
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    EXPORTER_URL: 'http://127.0.0.1:1',
    ALERTMANAGER_URL: 'http://127.0.0.1:1',
    STATE_FILE: stateFile,
    batch: undefined,
  };
  await expect(startPage({ ...env, PORT: port })).rejects.toThrow(
    `expected port ${port} of 127.0.0.1 to be free`,
  );
});

test('a dashboard is served under its UID and no other path, with or without its name behind it', async () => {
  for (const path of ['/d/crypto-market-live', '/d/crypto-market-live/market-live']) {
    const { status, body } = await get(path);
    expect([path, status]).toEqual([path, 200]);
    expect(body).toContain('<a href="/d/crypto-market-live" aria-current="page">Market live</a>');
  }
  const paths = [
    '/d/',
    '/d/other',
    '/d/../d/crypto-market-live',
    '/api/dashboards/../../package.json',
    '/api/dashboards/other',
  ];
  for (const path of paths) expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect((await get('/api/panel', { method: 'POST' })).status).toBe(405);
  expect((await get('/api/panel', { headers: { host: 'evil.example' } })).status).toBe(421);
});
