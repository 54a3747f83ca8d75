import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';

const GOOD = {
  PORT: '0',
  PROMETHEUS_URL: 'http://127.0.0.1:1',
  EXPORTER_URL: 'http://127.0.0.1:1',
  ALERTMANAGER_URL: 'http://127.0.0.1:1',
  STATE_FILE: '/nowhere/state.json',
  WAREHOUSE: 'off',
};

test('a bad variable ends the page with its name, and no stack', async () => {
  expect(await failingPage({ ...GOOD, PORT: 'http' })).toEqual({
    code: 1,
    output: 'PORT: expected a port number, got "http"\n',
  });
});

test('a taken port ends the page with what to do, and no stack', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has a port
  const { code, output } = await failingPage({ ...GOOD, PORT: String(port) });
  server.close();
  expect(code).toBe(1);
  expect(output).toMatch(/^expected port \d+ of 127\.0\.0\.1 to be free, got .*: set PORT to another\n$/);
}, 30_000);

function failingPage(env: Readonly<Record<string, string>>) {
  return new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, 'local', 'page', 'main.ts')],
      { env: { ...process.env, ...env }, timeout: 20_000 },
      (_, stdout, stderr) => resolve({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}
