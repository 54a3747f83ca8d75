import { createHash, createHmac } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { compress } from 'snappyjs';
import { startReceiver } from './receiver.ts';
import type { ReceivedRequest } from './receiver.ts';

afterEach(() => vi.unstubAllEnvs());

const REGION = 'eu-west-1';
const BODY = compress(new Uint8Array([]));

function setCredentials(name: string): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', `AKID${name}`);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', `secret-${name}`);
  vi.stubEnv('AWS_SESSION_TOKEN', `token-${name}`);
}

test('a signature is the one that the service computes from the request that arrives', async () => {
  await using receiver = await startReceiver();
  setCredentials('ONE');
  const { send } = createRemoteWrite(receiver.url, { kind: 'sigv4', region: REGION }, 'test');
  expect(await send(BODY, 5_000)).toEqual({ kind: 'stored' });
  const [request] = receiver.requests;
  expect(request?.headers).toMatchObject({
    'content-encoding': 'snappy',
    'user-agent': 'crypto-market-pipeline/test',
    'x-amz-security-token': 'token-ONE',
    authorization: request && expectedAuthorization(request, 'AKIDONE', 'secret-ONE'),
  });
});

test('another secret gives another signature, so the check above can fail', async () => {
  await using receiver = await startReceiver();
  setCredentials('ONE');
  await createRemoteWrite(receiver.url, { kind: 'sigv4', region: REGION }, 'test').send(BODY, 5_000);
  const [request] = receiver.requests;
  expect(request?.headers.authorization).not.toBe(
    request && expectedAuthorization(request, 'AKIDONE', 'secret-TWO'),
  );
});

test('after a refresh requests are signed with what the environment says now', async () => {
  await using receiver = await startReceiver((_, index) => ({ status: index === 0 ? 403 : 204 }));
  setCredentials('ONE');
  const { send, refreshCredentials } = createRemoteWrite(
    receiver.url,
    { kind: 'sigv4', region: REGION },
    'test',
  );
  expect(await send(BODY, 5_000)).toMatchObject({ kind: 'forbidden' });
  setCredentials('TWO');
  await refreshCredentials();
  expect(await send(BODY, 5_000)).toEqual({ kind: 'stored' });
  expect(
    receiver.requests.map(({ headers }) => headers.authorization?.match(/Credential=(\w+)/)?.[1]),
  ).toEqual(['AKIDONE', 'AKIDTWO']);
});

test('without authentication nothing is signed', async () => {
  await using receiver = await startReceiver();
  await createRemoteWrite(receiver.url, { kind: 'none' }, 'test').send(BODY, 5_000);
  expect(receiver.requests[0]?.headers.authorization).toBeUndefined();
});

test('a receiver that is not there is unavailable, with the reason of the connection', async () => {
  const receiver = await startReceiver();
  await receiver[Symbol.asyncDispose]();
  const outcome = await createRemoteWrite(receiver.url, { kind: 'none' }, 'test').send(BODY, 5_000);
  expect(outcome).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('ECONNREFUSED') });
});

test.each(['silence', 'drip'] as const)(
  '%s instead of an answer is unavailable, by when one was expected',
  async (answer) => {
    await using receiver = await startReceiver(() => answer);
    const outcome = await createRemoteWrite(receiver.url, { kind: 'none' }, 'test').send(BODY, 300);
    expect(outcome).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('expected an answer within 300 ms, got none'),
    });
  },
);

test('an answer that breaks off is unavailable, whatever its status was', async () => {
  await using receiver = await startReceiver(() => 'break-off');
  const outcome = await createRemoteWrite(receiver.url, { kind: 'none' }, 'test').send(BODY, 5_000);
  expect(outcome).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('ECONNRESET') });
});

test('requests go over one connection, and over a new one once the receiver has closed it', async () => {
  await using receiver = await startReceiver();
  const { send } = createRemoteWrite(receiver.url, { kind: 'none' }, 'test');
  for (let request = 0; request < 3; request += 1)
    expect(await send(BODY, 5_000)).toEqual({ kind: 'stored' });
  expect(receiver.connections()).toBe(1);
  await receiver.closeConnections();
  expect(await send(BODY, 5_000)).toEqual({ kind: 'stored' });
  expect(receiver.connections()).toBe(2);
});

test('a redirect is not followed, as it would carry the signature elsewhere', async () => {
  await using receiver = await startReceiver(() => ({
    status: 307,
    headers: { location: 'http://127.0.0.1:1/' },
  }));
  const outcome = await createRemoteWrite(receiver.url, { kind: 'none' }, 'test').send(BODY, 5_000);
  expect(outcome).toMatchObject({ kind: 'misconfigured' });
});

/** Signature Version 4 by its document, sharing nothing with the library that signed. */
function expectedAuthorization(request: ReceivedRequest, keyId: string, secret: string): string {
  const date = String(request.headers['x-amz-date']);
  const signedHeaders = /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  expect(signedHeaders.split(';')).toEqual(
    expect.arrayContaining([
      'host',
      'x-amz-date',
      'x-amz-security-token',
      'content-encoding',
      'content-type',
    ]),
  );
  const canonical = [
    'POST',
    request.url,
    '',
    ...signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    signedHeaders,
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const scope = `${date.slice(0, 8)}/${REGION}/aps/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = ['aps', 'aws4_request'].reduce<Buffer>(
    (current, text) => hmac(current, text),
    hmac(hmac(`AWS4${secret}`, date.slice(0, 8)), REGION),
  );
  const signature = hmac(key, toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
