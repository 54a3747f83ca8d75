import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('the store takes pushed samples, and knows the jobs and the out-of-order window it was given', async () => {
  await using folder = await temporaryFolder();
  const [port = 0, target = 0] = await freePorts(2);
  await using store = await startPrometheus({
    port,
    dataDir: join(folder.path, 'data'),
    configFile: join(folder.path, 'prometheus.yml'),
    logFile: join(folder.path, 'prometheus.log'),
    targets: [{ job: 'exporter', port: target }],
  });

  // an empty write request in snappy's block format: the receiver answers 404 when it is off
  const pushed = await fetch(store.remoteWriteUrl, {
    method: 'POST',
    headers: { 'Content-Encoding': 'snappy', 'Content-Type': 'application/x-protobuf' },
    body: new Uint8Array([0]),
  });
  expect(pushed.status).toBe(204);
  const answer: unknown = await (await fetch(`${store.url}/api/v1/status/config`)).json();
  expect(answer).toMatchObject({ data: { yaml: expect.stringContaining('out_of_order_time_window: 1h') } });
  expect(answer).toMatchObject({ data: { yaml: expect.stringContaining(`127.0.0.1:${target}`) } });
});
