import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Counter, Gauge, Registry } from 'prom-client';
import { expect, test, vi } from 'vitest';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { startHttpServer } from '#test/http-server.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('the process sends a page to Prometheus, named by the task that ECS says it runs in, and says so when it ends', async () => {
  const registry = new Registry();
  new Counter({ name: 'frames_total', help: 'h', registers: [registry] }).inc(41);
  new Gauge({ name: 'age', help: 'h', labelNames: ['symbol'], registers: [registry] }).set(
    { symbol: 'ÄB"\\\n' },
    -2.5,
  );
  await using folder = await temporaryFolder();
  await using page = await startHttpServer((_request, response) => {
    void registry.metrics().then((text) => response.end(text));
  });
  await using ecs = await startHttpServer((_request, response) => {
    response.end(JSON.stringify({ TaskARN: 'arn:aws:ecs:eu-west-1:123456789012:task/cluster/0123abcd' }));
  });
  const [port = 0] = await freePorts(1);
  await using store = await startPrometheus({
    port,
    dataDir: join(folder.path, 'data'),
    configFile: join(folder.path, 'prometheus.yml'),
    logFile: join(folder.path, 'prometheus.log'),
  });
  const query = async (text: string) => {
    const answer = await fetch(`${store.url}/api/v1/query?query=${encodeURIComponent(text)}`);
    // the shape of an instant vector
    const { data } = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result.map(({ metric, value }) => ({ ...metric, value: value[1] }));
  };

  using forwarder = spawn(process.execPath, ['fargate/metrics-forwarder/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      METRICS_URL: `${page.url}/metrics`,
      REMOTE_WRITE_URL: store.remoteWriteUrl,
      REMOTE_WRITE_AUTH: 'none',
      SCRAPE_INTERVAL_SECONDS: '5',
      ECS_CONTAINER_METADATA_URI_V4: `${ecs.url}/v4/container`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  forwarder.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
  await vi.waitFor(async () => expect(await query('up')).toHaveLength(1), { timeout: 15_000, interval: 100 });
  expect(await query('{__name__=~".+"}')).toEqual(
    expect.arrayContaining([
      { __name__: 'up', job: 'ohlc-exporter', task: '0123abcd', value: '1' },
      { __name__: 'frames_total', task: '0123abcd', value: '41' },
      { __name__: 'age', symbol: 'ÄB"\\\n', task: '0123abcd', value: '-2.5' },
    ]),
  );
  forwarder.kill('SIGTERM');
  const [code] = await once(forwarder, 'exit');
  expect(code).toBe(0);
  expect(await query('up')).toMatchObject([{ value: '0' }]);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
    expect.objectContaining({ event: 'stopped', refused: 0, dropped: 0 }),
  );
  expect(ecs.requests).toEqual(['/v4/container/task']);
}, 60_000);
