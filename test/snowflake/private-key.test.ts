import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { readPrivateKey } from '#snowflake/private-key.ts';
import { startHttpServer } from '#test/http-server.ts';

afterEach(() => vi.unstubAllEnvs());

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:loader-key-AbCdEf';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test.for([
  ['a PEM', PEM],
  ['base64 in one line', privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')],
  ['a PEM of the older kind', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
] as const)('%s is read as the same key', async ([, key]) => {
  expect(createPrivateKey(await readPrivateKey({ kind: 'key', key })).equals(privateKey)).toBe(true);
});

test('a key in Secrets Manager is fetched from the region that its ARN names', async () => {
  await using server = await secretsManager(200, { SecretString: PEM });
  expect(await readPrivateKey({ kind: 'secret', arn: ARN })).toBe(PEM);
  expect(server.authorizations.join()).toMatch(/\/eu-west-1\/secretsmanager\/aws4_request/);
});

test.for([
  [400, { __type: 'ResourceNotFoundException', message: 'no such secret' }, 'no such secret'],
  [200, { SecretBinary: 'AAAA' }, 'it holds bytes, not text'],
  [200, { SecretString: 'a password' }, 'expected an unencrypted private key'],
] as const)('a secret that answers %i %o is named with what is wrong', async ([status, body, message]) => {
  await using _ = await secretsManager(status, body);
  const refused = readPrivateKey({ kind: 'secret', arn: ARN }).catch(String);
  expect(await refused).toContain(ARN);
  expect(await refused).toContain(message);
  expect(await refused).not.toContain('a password');
});

/** Answers every question alike. */
async function secretsManager(status: number, body: object) {
  const authorizations: string[] = [];
  const server = await startHttpServer((request, response) => {
    authorizations.push(request.headers.authorization ?? '');
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', server.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return { authorizations, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
