import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { startHttpServer } from '#test/http-server.ts';
import { ACCOUNT, WELL } from './accounts.ts';
import { startFakeAccount } from './fake-account.ts';

// each starts a process that loads the SDKs of nine services
vi.setConfig({ testTimeout: 60_000 });

const MAIN = join(import.meta.dirname, '../../../deploy/preflight/main.ts');
const ARGUMENTS = ['--stage', 'dev', '--account', ACCOUNT, '--snowflake-account', 'ORG-ACCOUNT'];
const NO_CREDENTIALS = {
  PATH: process.env['PATH'],
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

test('the command says of everything that it is well, and ends in 0', async () => {
  await using account = await startFakeAccount(WELL);
  await using exchange = await startHttpServer((_request, response) => response.end('{}'));
  using streams = new DisposableStack();
  const server = streams.adopt(new WebSocketServer({ host: '127.0.0.1', port: 0 }), (open) => open.close());
  await once(server, 'listening');
  const { stdout } = await preflight(ARGUMENTS, {
    ...NO_CREDENTIALS,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_ENDPOINT_URL: account.url,
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: new URL(account.url).port,
    BINANCE_REST_URLS: exchange.url,
    BINANCE_WS_URLS: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    ARCHIVE_URL: exchange.url,
    CDK_DOCKER: process.execPath,
  });

  expect(stdout).toContain('19 ok, 0 to put right, 0 that could not be found out\n');
});

test('the command ends in 1 where there are no credentials, and says what to do', async () => {
  await using nothing = await startHttpServer((_request, response) => response.writeHead(503).end());
  const run = preflight([...ARGUMENTS, '--json'], {
    ...NO_CREDENTIALS,
    BINANCE_REST_URLS: nothing.url,
    BINANCE_WS_URLS: nothing.url.replace('http', 'ws'),
    ARCHIVE_URL: nothing.url,
    CDK_DOCKER: process.execPath,
  });

  await expect(run).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"what": "credentials"'),
  });
  await expect(run).rejects.toMatchObject({
    stdout: expect.stringContaining('log in, as by `aws sso login`'),
  });
});

test('the command refuses a stage that could not be deployed', async () => {
  await expect(preflight([...ARGUMENTS, '--account', '12'], NO_CREDENTIALS)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('-c account=: expected an AWS account as 12 digits, got "12"'),
  });
});

async function preflight(args: readonly string[], env: NodeJS.ProcessEnv) {
  return promisify(execFile)(process.execPath, [MAIN, ...args], { env });
}
