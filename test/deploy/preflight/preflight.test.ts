import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { runChecks } from '#deploy/preflight/checks.ts';
import type { Surroundings } from '#deploy/preflight/checks.ts';
import type { Finding } from '#deploy/preflight/finding.ts';
import { exitCodeOf, formatFindings } from '#deploy/preflight/report.ts';
import { stageOf } from '#lib/stage/stage-of.ts';
import { STAGES } from '#lib/stages.ts';
import type { Stage, StageSettings } from '#lib/stage/stage.ts';
import { startHttpServer } from '#test/http-server.ts';
import { ACCOUNT, WELL, WRONG } from './accounts.ts';
import { startFakeAccount } from './fake-account.ts';
import type { FakeAccount } from './fake-account.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test('all is well where the account has what the stage needs, and what it has of it already does not count', async () => {
  const findings = await look();

  expect(formatFindings(findings)).not.toMatch(/PROBLEM|^\?/m);
  expect(findings.map(({ what }) => what)).toEqual([
    'credentials',
    'CDK bootstrap',
    'services in ap-northeast-1',
    'zones in ap-northeast-1',
    'version of Kafka',
    'version of Grafana',
    'quota: VPCs',
    'quota: elastic addresses',
    'quota: MSK brokers',
    'quota: Grafana workspaces',
    'quota: Fargate vCPUs',
    'quota: Lambda calls at once',
    'Identity Center',
    'secret crypto-market-dev/snowflake-admin',
    'Snowflake',
    'image builder',
    "exchange's REST, from here",
    "exchange's streams, from here",
    "exchange's archive, from here",
  ]);
  expect(detailOf(findings, 'quota: elastic addresses')).toBe('needs 1, 4 in use by others, quota 5');
  expect(detailOf(findings, 'quota: Fargate vCPUs')).toContain('needs 0.75, quota 6');
  expect(detailOf(findings, "exchange's REST, from here")).toContain('run this in ap-northeast-1 too');
  expect(exitCodeOf(findings)).toBe(0);
});

test.each(WRONG)('finds %s', async (_what, wrong, finding) => {
  const findings = await look({ account: wrong });

  expect(findings).toContainEqual(expect.objectContaining(finding));
  expect(exitCodeOf(findings)).toBe(finding.kind === 'problem' ? 1 : 2);
  expect(formatFindings(findings)).not.toMatch(/PRIVATE KEY-|c2VjcmV0/);
});

test('asks AWS nothing more with the credentials of another account', async () => {
  const findings = await look({ account: { account: '999999999999' } });

  const asked = findings.filter(({ kind, detail }) => kind === 'unknown' && detail === 'not asked');
  expect(asked).toHaveLength(8);
});

test('takes an exchange that answers on one host, and names the hosts that turn this address away', async () => {
  await using refusing = await startHttpServer((_request, response) => response.writeHead(451).end());
  const findings = await look({ refusing: refusing.url, alsoGood: true });

  const detail = detailOf(findings, "exchange's REST, from here");
  expect(detail).toContain(`${refusing.url}: HTTP 451, the exchange does not serve where this address is`);
  expect(detailOf(findings, "exchange's streams, from here")).toContain('HTTP 451');
  expect(exitCodeOf(findings)).toBe(0);
});

test('finds an exchange that turns this address away on every host, also on the stream alone', async () => {
  await using refusing = await startHttpServer((_request, response) => response.writeHead(451).end());
  const findings = await look({ refusing: refusing.url });

  for (const what of ["exchange's REST, from here", "exchange's streams, from here"]) {
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: 'problem',
        what,
        detail: expect.stringContaining('HTTP 451'),
        todo: expect.stringContaining('run this in ap-northeast-1 too'),
      }),
    );
  }
});

test.each([
  ['<md:EntityDescriptor/>', 200, 'ok'],
  ['<html/>', 200, 'problem'],
  ['', 404, 'problem'],
])('looks for SAML metadata: %s with %i is %s', async (body, status, kind) => {
  await using provider = await startHttpServer((_request, response) => response.writeHead(status).end(body));
  const dashboards: StageSettings['dashboards'] = {
    grafanaVersion: '12.4',
    authentication: { by: 'saml', metadataUrl: provider.url, adminRole: 'admin' },
  };
  const findings = await look({ stage: { dashboards } });

  expect(findings).toContainEqual(expect.objectContaining({ kind, what: 'SAML metadata' }));
  expect(provider.requests).toHaveLength(1);
});

test.each([
  ['a builder that is not there', { from: 'asset' }, '/nowhere/docker', 'problem'],
  ['a builder that is', { from: 'asset' }, process.execPath, 'ok'],
  ['no builder where none is needed', { from: 'codebuild' }, '/nowhere/docker', 'ok'],
] as const)('looks for %s', async (_what, image, docker, kind) => {
  const findings = await look({ stage: { exporter: { ...devStage().exporter, image } }, docker });

  expect(findings).toContainEqual(expect.objectContaining({ kind, what: 'image builder' }));
});

test('ends in 2 when it looked at nothing', () => {
  expect(exitCodeOf([])).toBe(2);
});

interface Otherwise {
  readonly account?: Partial<FakeAccount>;
  readonly stage?: Partial<StageSettings>;
  readonly docker?: string;
  /** A host that turns everybody away, in the place of the good one, or before it. */
  readonly refusing?: string;
  readonly alsoGood?: boolean;
}

async function look({ account, stage, docker, refusing, alsoGood }: Otherwise = {}): Promise<
  readonly Finding[]
> {
  await using fake = await startFakeAccount({ ...WELL, ...account });
  await using exchange = await startHttpServer((_request, response) => response.end('{}'));
  using streams = new DisposableStack();
  const server = streams.adopt(new WebSocketServer({ host: '127.0.0.1', port: 0 }), (open) => open.close());
  await once(server, 'listening');
  const stream = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  vi.stubEnv('AWS_ENDPOINT_URL', fake.url);
  const hosts = (good: string, bad: string | undefined) =>
    bad === undefined ? [good] : alsoGood ? [bad, good] : [bad];
  const surroundings: Surroundings = {
    identityCenterRegion: 'eu-west-1',
    exchange: {
      restUrls: hosts(exchange.url, refusing),
      webSocketUrls: hosts(stream, refusing?.replace('http', 'ws')),
      archiveUrl: exchange.url,
    },
    snowflake: { host: '127.0.0.1', port: Number(new URL(fake.url).port), protocol: 'http' },
    docker: docker ?? process.execPath,
  };
  const findings = await runChecks({ ...devStage(), ...stage }, surroundings);
  expect(fake.requests.length).toBeGreaterThan(0);
  return findings;
}

function devStage(): Stage {
  return stageOf({ stage: 'dev', account: ACCOUNT, snowflakeAccount: 'EXAMPLEORG-EXAMPLEACCOUNT' }, STAGES);
}

function detailOf(findings: readonly Finding[], what: string): string | undefined {
  return findings.find((finding) => finding.what === what)?.detail;
}
