import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { certificateEnds } from '#lambdas/key-age/certificate-ends.ts';
import { parseEnvironment } from '#lambdas/key-age/env.ts';
import { startHttpServer } from '#test/http-server.ts';
import { ENDS_2036, ENDS_2126, samlMetadata } from './certificates.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DAY_S = 86_400;

test('the age is that of the value in use, wherever in the list it stands, and the oldest of all is what is alarmed on', async () => {
  await using secrets = await fakeSecretsManager({
    loader: [version('AWSPREVIOUS', 900), version('AWSCURRENT', 30)],
    // a long history comes in pages
    reader: [
      version('none', 2000),
      version('none', 1500),
      version('AWSPREVIOUS', 500),
      version('AWSCURRENT', 400),
    ],
    transformer: [],
  });
  const lines = await runHandler(secrets.url, { KEY_SECRET_ARNS: 'loader, reader,transformer' });
  expect(lines.at(-1)).toEqual({ answer: { keys: { loader: 30, reader: 400, transformer: null } } });
  expect(lines).toContainEqual(
    expect.objectContaining({ service: 'key-age', OldestKeyDays: 400, KeysWithoutValue: 1 }),
  );
  expect(new Set(secrets.asked)).toEqual(new Set(['secretsmanager.ListSecretVersionIds']));
});

test('without any value there is no age to tell, and what can not be asked is an error', async () => {
  await using secrets = await fakeSecretsManager({ reader: [] });
  const lines = await runHandler(secrets.url, { KEY_SECRET_ARNS: 'reader' });
  const told = JSON.stringify(lines);
  expect(told).toContain('"KeysWithoutValue":1');
  expect(told).not.toContain('OldestKeyDays');
  await expect(runHandler(secrets.url, { KEY_SECRET_ARNS: 'gone' })).rejects.toThrow(/no secret gone/);
});

test("an identity provider's certificate counts down, the first to end of several", async () => {
  await using secrets = await fakeSecretsManager({ reader: [version('AWSCURRENT', 1)] });
  await using provider = await startHttpServer((_, response) => {
    response.end(samlMetadata(ENDS_2126, ENDS_2036));
  });
  const lines = await runHandler(secrets.url, {
    KEY_SECRET_ARNS: 'reader',
    SAML_METADATA_URL: `${provider.url}/metadata`,
  });
  const left = Math.floor((Date.parse('2036-11-20T00:11:09Z') - Date.now()) / (DAY_S * 1000));
  const told = lines.find((line) => Object.hasOwn(Object(line), 'CertificateDaysLeft'));
  // a day may end while the test runs
  expect([left, left + 1]).toContain(Reflect.get(Object(told), 'CertificateDaysLeft'));
});

test('metadata without a certificate is refused', () => {
  expect(certificateEnds(samlMetadata(ENDS_2126)).toISOString()).toBe('2126-10-30T00:11:09.000Z');
  expect(() => certificateEnds(samlMetadata())).toThrow('with none');
  expect(() => certificateEnds(samlMetadata('bm90IG9uZQ=='))).toThrow(/PEM|asn1|encoding/i);
});

test.each([
  [{ METRICS_NAMESPACE: 'a' }, /^KEY_SECRET_ARNS: expected ARNs/],
  [{ METRICS_NAMESPACE: 'a', KEY_SECRET_ARNS: 'a,,b' }, /^KEY_SECRET_ARNS: expected ARNs/],
  [{ KEY_SECRET_ARNS: 'a' }, /^METRICS_NAMESPACE: /],
  [{ METRICS_NAMESPACE: 'a', KEY_SECRET_ARNS: 'a', SAML_METADATA_URL: 'x' }, /^SAML_METADATA_URL: expected/],
])('%o stops it, and the message names what is wrong', (env, message) => {
  expect(() => parseEnvironment(env)).toThrow(message);
});

type Version = ReturnType<typeof version>;

function version(stage: string, ageDays: number) {
  return {
    VersionId: `${stage}-${ageDays}`,
    // half a day more, so that no day ends while the test runs
    CreatedDate: Date.now() / 1000 - (ageDays + 0.5) * DAY_S,
    ...(stage !== 'none' && { VersionStages: [stage] }),
  };
}

/** Speaks the JSON protocol of Secrets Manager, two versions a page. */
async function fakeSecretsManager(secrets: Readonly<Record<string, readonly Version[]>>) {
  const asked: string[] = [];
  const server = await startHttpServer((request, response) => {
    asked.push(String(request.headers['x-amz-target']));
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      const { SecretId, NextToken = '0' } = JSON.parse(body) as { SecretId: string; NextToken?: string }; // the SDK's own
      const versions = secrets[SecretId];
      const from = Number(NextToken);
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      if (!versions) {
        response
          .writeHead(400)
          .end(JSON.stringify({ __type: 'ResourceNotFoundException', message: `no secret ${SecretId}` }));
        return;
      }
      const more = from + 2 < versions.length && { NextToken: String(from + 2) };
      response.end(JSON.stringify({ Versions: versions.slice(from, from + 2), ...more }));
    });
  });
  return { url: server.url, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** In a process of its own, as Lambda does, and returns what it printed. */
async function runHandler(secretsUrl: string, env: Readonly<Record<string, string>>) {
  const script = `
    const { handler } = await import('#lambdas/key-age/handler.ts');
    console.log(JSON.stringify({ answer: await handler() }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: 'ap-northeast-1',
      AWS_ACCESS_KEY_ID: 'AKIDTEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl,
      METRICS_NAMESPACE: 'crypto-market-test',
      ...env,
    },
  });
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
