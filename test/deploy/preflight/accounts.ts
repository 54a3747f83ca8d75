import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'vitest';
import type { Finding } from '#deploy/preflight/finding.ts';
import type { FakeAccount } from './fake-account.ts';

export const ACCOUNT = '123456789012';
const LIST = '/aws/service/global-infrastructure';
const SERVICES = 'kafka,kafkaconnect,mwaa,amp,grafana,fargate,lambda,secretsmanager,route53resolver'.split(
  ',',
);
const OURS = { project: 'crypto-market', stage: 'dev' };

const { privateKey: KEY } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** An account in which the stage `dev` is deployed already, in part. */
export const WELL: FakeAccount = {
  account: ACCOUNT,
  parameters: {
    '/cdk-bootstrap/hnb659fds/version': '30',
    ...Object.fromEntries(
      SERVICES.flatMap((name) => [
        [`${LIST}/regions/ap-northeast-1/services/${name}`, name],
        [`${LIST}/services/${name}`, name],
      ]),
    ),
  },
  zones: ['ap-northeast-1a', 'ap-northeast-1c', 'ap-northeast-1d'],
  vpcs: [{}, {}, OURS],
  addresses: [{}, {}, {}, {}, OURS],
  clusters: [
    { name: 'of-others', brokers: 6 },
    { name: 'crypto-market-dev', brokers: 2 },
  ],
  workspaces: [{}, OURS],
  kafkaVersions: { '3.9.x': 'ACTIVE', '3.9.x.kraft': 'ACTIVE', '2.8.1': 'DEPRECATED' },
  grafanaVersions: ['10.4', '12.4'],
  quotas: { 'L-F678F1CE': 5, 'L-0263D0A3': 5, 'L-EDD31C36': 90, 'L-2C2D5119': 5, 'L-B99A9384': 1000 },
  defaultQuotas: { 'L-3032A538': 6 },
  identityCenters: ['arn:aws:sso:::instance/ssoins-1'],
  secrets: { 'crypto-market-dev/snowflake-admin': JSON.stringify({ user: 'SETUP', privateKey: KEY }) },
  denied: [],
  snowflake: { role: 'ACCOUNTADMIN' },
};

/** What of the account is otherwise, and what is found of it. */
export const WRONG: readonly [
  what: string,
  wrong: Partial<FakeAccount>,
  finding: Partial<Finding> & { what: string },
][] = [
  [
    'credentials of another account',
    { account: '999999999999' },
    {
      kind: 'problem',
      what: 'credentials',
      detail: 'they are of account 999999999999, the stage is for 123456789012',
    },
  ],
  [
    'a region that was not bootstrapped',
    { parameters: without(WELL.parameters, '/cdk-bootstrap/hnb659fds/version') },
    { kind: 'problem', what: 'CDK bootstrap', todo: 'npx cdk bootstrap aws://123456789012/ap-northeast-1' },
  ],
  [
    'a bootstrap of long ago',
    { parameters: { ...WELL.parameters, '/cdk-bootstrap/hnb659fds/version': '5' } },
    { kind: 'problem', what: 'CDK bootstrap', detail: 'expected version 6 or newer, got 5' },
  ],
  [
    'a region without a service',
    { parameters: without(WELL.parameters, `${LIST}/regions/ap-northeast-1/services/mwaa`) },
    {
      kind: 'problem',
      what: 'services in ap-northeast-1',
      detail: 'the region does not have Managed Airflow',
    },
  ],
  [
    'a service that the list has by another name',
    {
      parameters: without(
        WELL.parameters,
        `${LIST}/regions/ap-northeast-1/services/amp`,
        `${LIST}/services/amp`,
      ),
    },
    {
      kind: 'unknown',
      what: 'services in ap-northeast-1',
      detail: "AWS's list does not know Managed Prometheus by the name looked for",
    },
  ],
  [
    'an account without a zone',
    { zones: ['ap-northeast-1a', 'ap-northeast-1d'] },
    {
      kind: 'problem',
      what: 'zones in ap-northeast-1',
      todo: 'take 2 of ap-northeast-1a, ap-northeast-1d in lib/stages.ts',
    },
  ],
  [
    'a version of Kafka that is deprecated by now',
    { kafkaVersions: { '3.9.x': 'DEPRECATED', '4.1.x.kraft': 'ACTIVE' } },
    { kind: 'problem', what: 'version of Kafka', detail: '3.9.x is not offered in ap-northeast-1' },
  ],
  [
    'a version of Grafana that is not offered',
    { grafanaVersions: ['10.4'] },
    { kind: 'problem', what: 'version of Grafana', detail: '12.4 is not offered in ap-northeast-1' },
  ],
  [
    'VPCs up to the quota',
    { vpcs: [{}, {}, {}, {}, {}] },
    { kind: 'problem', what: 'quota: VPCs', detail: 'needs 1, 5 in use by others, quota 5' },
  ],
  [
    'elastic addresses up to the quota, of which another stage of ours has some',
    { addresses: [{}, {}, {}, { ...OURS, stage: 'prod' }, { ...OURS, stage: 'prod' }] },
    { kind: 'problem', what: 'quota: elastic addresses', detail: 'needs 1, 5 in use by others, quota 5' },
  ],
  [
    'brokers up to the quota',
    { clusters: [{ name: 'of-others', brokers: 89 }] },
    { kind: 'problem', what: 'quota: MSK brokers', detail: 'needs 2, 89 in use by others, quota 90' },
  ],
  [
    'workspaces up to the quota',
    { workspaces: [{}, {}, {}, {}, {}] },
    { kind: 'problem', what: 'quota: Grafana workspaces' },
  ],
  [
    'the few calls at once of a new account',
    { quotas: { ...WELL.quotas, 'L-B99A9384': 10 } },
    {
      kind: 'problem',
      what: 'quota: Lambda calls at once',
      detail: expect.stringContaining('needs 106, quota 10'),
    },
  ],
  [
    'a quota that nobody tells',
    { defaultQuotas: {} },
    {
      kind: 'unknown',
      what: 'quota: Fargate vCPUs',
      detail: expect.stringContaining('NoSuchResourceException'),
    },
  ],
  [
    'credentials that may not read quotas',
    { denied: ['GetServiceQuota'] },
    {
      kind: 'unknown',
      what: 'quota: VPCs',
      todo: 'let these credentials read it, or look in the console',
    },
  ],
  [
    'no Identity Center',
    { identityCenters: [] },
    { kind: 'problem', what: 'Identity Center', detail: 'there is none in eu-west-1' },
  ],
  [
    "no secret of Snowflake's administrator",
    { secrets: {} },
    {
      kind: 'problem',
      what: 'secret crypto-market-dev/snowflake-admin',
      detail: 'there is none in ap-northeast-1',
    },
  ],
  [
    'a secret in another form',
    { secrets: { 'crypto-market-dev/snowflake-admin': JSON.stringify({ user: 'SETUP', private_key: KEY }) } },
    {
      kind: 'problem',
      what: 'secret crypto-market-dev/snowflake-admin',
      detail: 'it is there, but not as {"user": "…", "privateKey": "…"}: wrong is privateKey',
    },
  ],
  [
    'a key that is none',
    {
      secrets: {
        'crypto-market-dev/snowflake-admin': JSON.stringify({ user: 'SETUP', privateKey: 'c2VjcmV0' }),
      },
    },
    {
      kind: 'problem',
      what: 'Snowflake',
      detail: expect.stringContaining('unencrypted private key in PKCS8'),
    },
  ],
  [
    'a key that Snowflake does not know',
    { snowflake: { refusal: 'JWT token is invalid.' } },
    { kind: 'problem', what: 'Snowflake', detail: expect.stringContaining('JWT token is invalid') },
  ],
  [
    'a user without the rights to set Snowflake up',
    { snowflake: { role: 'PUBLIC' } },
    {
      kind: 'problem',
      what: 'Snowflake',
      todo: 'in Snowflake: GRANT ROLE ACCOUNTADMIN TO USER SETUP',
    },
  ],
];

function without<T>(record: Readonly<Record<string, T>>, ...names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
