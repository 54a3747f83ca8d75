import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { compress } from 'snappyjs';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import type { Candle } from '#domain/candle.ts';
import type { PageEnv } from '#local/page/env.ts';
import { startPage } from '#local/page/server.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { buildSeries } from '#remote-write/build-series.ts';
import { gaugeSamples, latencySamples } from '#lambdas/prometheus-consumer/candle-samples.ts';
import { encodeWriteRequest } from '#remote-write/encode-write-request.ts';
import { createSeriesCache } from '#lambdas/prometheus-consumer/candle-series.ts';
import { splitRequests } from '#remote-write/split-requests.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

export type Readiness = {
  ready: boolean;
  reasons: string[];
  connections: number;
  symbols: number;
  staleSymbols: string[];
};

/** The page with a real Prometheus behind it, and an exporter that says what the test wants. */
export async function startStand(batch?: PageEnv['batch']) {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder());
  const readiness: Readiness = { ready: true, reasons: [], connections: 2, symbols: 3, staleSymbols: [] };
  const metrics = new Map<string, number>();
  const alerts: unknown[] = [];
  const exporter = resources.use(await startExporter(readiness, metrics, alerts));
  const [port = 0] = await freePorts(1);
  const startStore = () =>
    startPrometheus({
      port,
      dataDir: join(folder.path, 'data'),
      configFile: join(folder.path, 'prometheus.yml'),
      logFile: join(folder.path, 'prometheus.log'),
      targets: [{ job: 'ohlc-exporter', port: exporter.port }],
    });
  let store: Awaited<ReturnType<typeof startStore>> | undefined = await startStore();
  resources.defer(async () => store?.[Symbol.asyncDispose]());
  const stateFile = join(folder.path, 'state.json');
  const page = resources.use(
    await startPage({
      PORT: 0,
      PROMETHEUS_URL: `http://127.0.0.1:${port}`,
      EXPORTER_URL: exporter.url,
      ALERTMANAGER_URL: exporter.url,
      STATE_FILE: stateFile,
      batch,
    }),
  );
  const owned = resources.move();
  return {
    page,
    readiness,
    /** `name{labels}` as /metrics shows it, to its value. */
    metrics,
    /** What Alertmanager's API answers, which is served by the exporter here. */
    alerts,
    exporter,
    write: (candles: readonly Candle[], storedMs: number) =>
      writeCandles(`http://127.0.0.1:${port}/api/v1/write`, candles, storedMs),
    setState(state: unknown) {
      writeFileSync(`${stateFile}.new`, JSON.stringify(state));
      renameSync(`${stateFile}.new`, stateFile);
    },
    async stopStore() {
      await store?.[Symbol.asyncDispose]();
      store = undefined;
    },
    async startStoreAgain() {
      store = await startStore();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A state as the supervisor writes it. */
export function runningState(source: 'live' | 'replay', change: Readonly<Record<string, unknown>> = {}) {
  return {
    ready: true,
    source,
    startedAt: '2026-11-22T16:00:00.000Z',
    parts: {
      kafka: { ...part(18802), url: '127.0.0.1:18802' },
      prometheus: part(18804),
      ...(source === 'replay' && { exchange: part(18801) }),
      exporter: part(18805),
      consumer: { ...part(18806), lag: 0 },
      page: part(18800),
      ...change,
    },
  };
}

function part(port: number) {
  return { url: `http://127.0.0.1:${port}`, state: 'running', pid: 4242 };
}

const seriesOf = createSeriesCache();

/** By the consumer's own encoder. Throws unless the store took every sample. */
async function writeCandles(url: string, candles: readonly Candle[], storedMs: number): Promise<void> {
  const samples = candles.flatMap((candle) => {
    const record = { partitionId: 'candles-1m-0', topic: 'candles-1m', partition: 0, offset: 0 };
    const received = {
      candle,
      closeMs: Date.parse(candle.closeTime),
      record: { ...record, timestamp: 0, value: undefined, delivered: undefined },
    };
    return [...gaugeSamples(received, seriesOf), ...latencySamples(received, seriesOf, storedMs)];
  });
  for (const series of splitRequests(buildSeries(samples).series)) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(compress(encodeWriteRequest(series))),
    });
    if (response.status !== 204)
      throw new Error(`expected 204, got ${response.status}: ${await response.text()}`);
  }
}

async function startExporter(
  readiness: Readiness,
  metrics: ReadonlyMap<string, number>,
  alerts: readonly unknown[],
) {
  const server = createServer((request, response) => {
    if (request.url === '/readyz') {
      response.writeHead(readiness.ready ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify(readiness));
      return;
    }
    if (request.url === '/api/v2/alerts') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(alerts));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end([...metrics].map(([name, value]) => `${name} ${value}\n`).join(''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has a port
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a healthy exporter shows after a while, with some history in it. */
export function setUsualMetrics(metrics: Map<string, number>, symbols: readonly string[]): void {
  const m = EXPORTER_METRICS;
  for (const [name, value] of [
    [m.connections.name, 2],
    [`${m.rotations.name}{reason="age"}`, 1],
    [`${m.reconnects.name}{reason="silence"}`, 3],
    [`${m.reconnects.name}{reason="closed"}`, 1],
    [m.frames.name, 184_302],
    [m.duplicates.name, 61],
    [`${m.rejected.name}{reason="not-json"}`, 0],
    [`${m.rejected.name}{reason="not-a-candle"}`, 2],
    [m.holesFound.name, 120],
    [m.holesFilled.name, 119],
    [`${m.holesOpen.name}{class="retrying"}`, 1],
    [m.publishFailures.name, 0],
    [m.publishQueue.name, 0],
    [m.intakePaused.name, 0],
    [m.clockOffset.name, -0.0123],
    ['crypto_consumer_lag_records{partition="0"}', 3],
    ['crypto_consumer_lag_records{partition="1"}', 0],
    ...symbols.map((symbol, index) => [`${m.lastCandleAge.name}{symbol="${symbol}"}`, 20 + index] as const),
  ] as const) {
    metrics.set(name, value);
  }
}
