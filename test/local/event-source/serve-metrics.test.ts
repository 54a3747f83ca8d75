import { request } from 'node:http';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { serveMetrics } from '#local/event-source/serve-metrics.ts';

async function statusFor(port: number, headers: Readonly<Record<string, string>>, method = 'GET') {
  return new Promise<number | undefined>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('the numbers are for this machine: a name of somebody else for it gets none of them, nor does a write', async () => {
  await using server = await serveMetrics(0, new Registry());
  const { port } = server;
  expect(await statusFor(port, {})).toBe(200);
  expect(await statusFor(port, { host: `localhost:${port}` })).toBe(200);
  expect(await statusFor(port, { host: `attacker.example:${port}` })).toBe(421);
  expect(await statusFor(port, { host: `127.0.0.1:${port}` }, 'POST')).toBe(405);
});
