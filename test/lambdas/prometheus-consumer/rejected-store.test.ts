import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createRejectedStore } from '#lambdas/prometheus-consumer/rejected-store.ts';
import type { Rejection } from '#lambdas/prometheus-consumer/rejection.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { rawRecord } from './events.ts';

afterEach(() => vi.unstubAllEnvs());

const REJECTION: Rejection = {
  partitionId: 'candles-1m-3',
  topic: 'candles-1m',
  partition: 3,
  offset: 42,
  timestamp: 1_700_000_000_000,
  reason: 'bad-base64',
  detail: 'expected a value in base64',
  record: rawRecord('%%%', 42, 3),
};

const PATH = 'candles-1m/3/00000000000000000042-1700000000000.json';

test('a document in the folder says where the record was, why it is there, and what its bytes were', async () => {
  await using folder = await temporaryFolder();
  const keepAside = await createRejectedStore({ kind: 'folder', folder: join(folder.path, 'rejected') });
  await keepAside(REJECTION);
  await keepAside(REJECTION);
  const files = await readdir(join(folder.path, 'rejected/candles-1m/3'));
  expect(files).toEqual(['00000000000000000042-1700000000000.json']);
  const document: unknown = JSON.parse(await readFile(join(folder.path, 'rejected', PATH), 'utf8'));
  expect(document).toEqual({
    topic: 'candles-1m',
    partition: 3,
    offset: 42,
    timestamp: 1_700_000_000_000,
    reason: 'bad-base64',
    detail: 'expected a value in base64',
    record: rawRecord('%%%', 42, 3),
  });
});

test('a folder that can not be written to fails loudly, so that the record is handed back', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'rejected'), 'a file where the folder should be');
  const keepAside = await createRejectedStore({ kind: 'folder', folder: join(folder.path, 'rejected') });
  await expect(keepAside(REJECTION)).rejects.toThrow(/ENOTDIR|EEXIST/);
});

test('on AWS the same document goes to the bucket, under the same name', async () => {
  const puts: { readonly url: string | undefined; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      puts.push({ url: request.url, body });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // not a pipe
  vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  try {
    const keepAside = await createRejectedStore({ kind: 'bucket', bucket: 'rejected' });
    await keepAside(REJECTION);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect(puts).toHaveLength(1);
  expect(puts[0]?.url).toMatch(new RegExp(`^/rejected/${PATH}\\b`));
  expect(puts[0]?.body).toContain('"reason": "bad-base64"');
});
