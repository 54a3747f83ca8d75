import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { localAlertmanagerYaml } from '#grafana/alertmanager/alertmanager-yaml.ts';
import { rulesYaml } from '#grafana/rules/rules-yaml.ts';
import { startAlertmanager } from '#local/alertmanager/start-alertmanager.ts';
import { askAlerts } from '#local/page/alerts.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { sixtyTimesQuicker } from './sixty-times-quicker.ts';

// The real rules and routes with minutes as seconds, on a real Prometheus and a real Alertmanager.
const resources = new AsyncDisposableStack();
/** What Prometheus scrapes, as of an exporter and a store of two symbols of which nothing comes any more. */
const metrics = new Map([
  [age('BTCUSDT'), 400],
  [age('ETHUSDT'), 400],
  ['crypto_exporter_connections', 1],
]);
/** What receivers were told: `<receiver> <status> <alert> <symbol>`. */
const told: string[] = [];
let alertmanagerUrl = '';

beforeAll(async () => {
  const folder = resources.use(await temporaryFolder());
  const exporter = await serve(() => [...metrics].map(([name, value]) => `${name} ${value}\n`).join(''));
  const webhook = await serve((body) => {
    const { receiver, alerts } = notification.parse(JSON.parse(body));
    for (const { status, labels } of alerts)
      told.push([receiver, status, labels.alertname, labels.symbol].join(' ').trim());
    return '';
  });
  const to = {
    webhook_configs: [{ url: `http://127.0.0.1:${webhook}/`, send_resolved: true }],
  };
  const [port = 0, alertmanagerPort = 0] = await freePorts(2);
  const rulesFile = join(folder.path, 'rules.yaml');
  writeFileSync(rulesFile, sixtyTimesQuicker(rulesYaml()));
  const alertmanager = resources.use(
    await startAlertmanager({
      port: alertmanagerPort,
      dataDir: join(folder.path, 'alertmanager'),
      configFile: join(folder.path, 'alertmanager.yml'),
      config: sixtyTimesQuicker(localAlertmanagerYaml({ critical: to, warning: to, info: to })),
      logFile: join(folder.path, 'alertmanager.log'),
    }),
  );
  alertmanagerUrl = alertmanager.url;
  resources.use(
    await startPrometheus({
      port,
      dataDir: join(folder.path, 'data'),
      configFile: join(folder.path, 'prometheus.yml'),
      logFile: join(folder.path, 'prometheus.log'),
      targets: [{ job: 'ohlc-exporter', port: exporter }],
      scrapeIntervalSeconds: 1,
      alerting: { rulesFile, alertmanagerPort },
    }),
  );
}, 60_000);
afterAll(() => resources.disposeAsync());

test('when no candle comes at all, that is told, and not for each symbol', async () => {
  await soon(async () =>
    expect(await states()).toEqual({
      CandlesStopped: 'active',
      'SymbolStale BTCUSDT': 'inhibited by CandlesStopped',
      'SymbolStale ETHUSDT': 'inhibited by CandlesStopped',
    }),
  );
  await soon(() => expect(told).toContain('critical firing CandlesStopped'));
  expect(told.filter((what) => what.includes('SymbolStale'))).toEqual([]);
});

test('when candles of one symbol come again, its end is told, and the symbol that is still stale', async () => {
  metrics.set(age('ETHUSDT'), 20);
  metrics.set('crypto_candle_close_price{exchange="binance",interval="1m",symbol="ETHUSDT"}', 2000);
  await soon(() => expect(told).toContain('critical resolved CandlesStopped'));
  await soon(() => expect(told).toContain('warning firing SymbolStale BTCUSDT'));
  expect(told).not.toContain('warning firing SymbolStale ETHUSDT');
  await soon(async () => expect(await states()).toEqual({ 'SymbolStale BTCUSDT': 'active' }));
});

test('when the last one comes again, nothing is left', async () => {
  metrics.set('crypto_candle_close_price{exchange="binance",interval="1m",symbol="BTCUSDT"}', 2000);
  metrics.set(age('BTCUSDT'), 20);
  await soon(() => expect(told).toContain('warning resolved SymbolStale BTCUSDT'));
  await soon(async () => expect(await states()).toEqual({}));
});

async function states(): Promise<Readonly<Record<string, string>>> {
  const answer = await askAlerts(alertmanagerUrl);
  if (answer.kind === 'unreachable') throw new Error(answer.detail);
  return Object.fromEntries(
    answer.alerts.map(({ name, dashboard, state, inhibitedBy }) => {
      const symbol = new URL(dashboard ?? '/', alertmanagerUrl).searchParams.get('var-symbol');
      return [
        [name, symbol ?? ''].join(' ').trim(),
        [state, ...(inhibitedBy.length > 0 ? ['by', ...inhibitedBy] : [])].join(' '),
      ];
    }),
  );
}

function soon(what: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(what, { timeout: 40_000, interval: 200 });
}

function age(symbol: string): string {
  return `crypto_exporter_last_candle_age_seconds{symbol="${symbol}"}`;
}

/** Answers every request with what is made of its body; returns its port. */
async function serve(answer: (body: string) => string): Promise<number> {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => response.writeHead(200).end(answer(body)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port; // a listening TCP server has a port
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Of Alertmanager's webhook. */
const notification = z.object({
  receiver: z.string(),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.object({ alertname: z.string(), symbol: z.string().optional() }),
    }),
  ),
});
