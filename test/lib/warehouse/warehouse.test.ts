import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import type { StageChanges, StageName } from '#test/lib/synth.ts';

const CONNECTOR = 'AWS::KafkaConnect::Connector';
const SECRET = 'AWS::SecretsManager::Secret';
const SETUP = 'Custom::SnowflakeSetup';

describe.each(STAGE_NAMES)('in %s', (stage) => {
  const analytics = () => synthesize(stage).template('analytics');

  test('the key of each service user is born empty, encrypted, and outlives its stack where data does', () => {
    const keys = Object.values(analytics().findResources(SECRET));
    expect(keys).toHaveLength(3);
    for (const { Properties, DeletionPolicy } of keys) {
      expect(Object.keys(Properties).toSorted()).toEqual(['Description', 'KmsKeyId', 'Tags']);
      expect(DeletionPolicy).toBe(stage === 'prod' ? 'Retain' : 'Delete');
    }
  });

  test('Snowflake is set up before there is a connector, and again for each key, epoch and change of the SQL', () => {
    const [[id, setup] = []] = Object.entries(analytics().findResources(SETUP));
    expect(Object.keys(setup?.['Properties'] ?? {}).toSorted()).toEqual([
      'ServiceToken',
      'adminSecret',
      'epoch',
      'landingTable',
      'setupHash',
      'users',
    ]);
    expect(setup?.['Properties']).toMatchObject({
      adminSecret: `crypto-market-${stage}/snowflake-admin`,
      setupHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      users: {
        loader: { keyGeneration: 1 },
        transformer: { keyGeneration: 1 },
        reader: { keyGeneration: 1 },
      },
    });
    const [connector] = Object.values(analytics().findResources(CONNECTOR));
    expect(connector?.['DependsOn']).toContain(id);
  });

  test('the epoch is the beginning of the UUID of the cluster, in the set-up and in the name of the connector', () => {
    const [setup] = Object.values(analytics().findResources(SETUP));
    const epoch: unknown = setup?.['Properties'].epoch;
    expect(JSON.stringify(epoch)).toMatch(
      /Fn::Select.*Fn::Split.*"-".*Fn::Split.*"\/".*Fn::ImportValue.*Arn/,
    );
    expect(nameOf(stage)).toEqual(['crypto-candles-', epoch, expect.stringMatching(/^-[0-9a-f]{8}$/)]);
  });

  test('the private key is a reference that the worker of the plugin resolves, and no text', () => {
    const [connector] = Object.values(analytics().findResources(CONNECTOR));
    expect(connector?.['Properties'].ConnectorConfiguration['snowflake.private.key']).toEqual({
      'Fn::Join': [
        '',
        ['${secretsmanager:ap-northeast-1:', { Ref: expect.stringContaining('LoaderKey') }, '}'],
      ],
    });
    const [worker] = Object.values(analytics().findResources('AWS::KafkaConnect::WorkerConfiguration'));
    expect(Buffer.from(worker?.['Properties'].PropertiesFileContent, 'base64').toString()).toContain(
      'config.providers.secretsmanager.class=market.crypto.connect.SecretTextProvider\n',
    );
  });

  test('the connector talks to the brokers by IAM and TLS, and leaves its log', () => {
    const [connector] = Object.values(analytics().findResources(CONNECTOR));
    expect(connector?.['Properties']).toMatchObject({
      KafkaClusterClientAuthentication: { AuthenticationType: 'IAM' },
      KafkaClusterEncryptionInTransit: { EncryptionType: 'TLS' },
      LogDelivery: { WorkerLogDelivery: { CloudWatchLogs: { Enabled: true, LogGroup: expect.anything() } } },
    });
  });

  test("the connector's role is for connectors of this account and name, and reads one key of three", () => {
    analytics().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'kafkaconnect.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '123456789012' },
              ArnLike: {
                'aws:SourceArn': Match.stringLikeRegexp(':123456789012:connector/crypto-candles-\\*$'),
              },
            },
          },
        ],
      },
    });
    expect(secretsReadBy(stage, 'WarehouseConnector')).toEqual([expect.stringContaining('LoaderKey')]);
    expect(secretsReadBy(stage, 'QualityExporter')).toEqual([expect.stringContaining('ReaderKey')]);
  });

  test('what runs in the network goes out by TLS and asks after certificates, and the connector to the brokers', () => {
    const out = (id: string) =>
      Object.entries(analytics().findResources('AWS::EC2::SecurityGroup'))
        .filter(([found]) => found.startsWith(id))
        .flatMap(([, { Properties }]) => ports.parse(Properties).SecurityGroupEgress)
        .map(({ FromPort }) => FromPort);
    expect(out('WarehouseSetup')).toEqual([443]);
    expect(new Set(out('WarehouseConnector'))).toEqual(new Set([443, 80]));
    const toBrokers = { FromPort: 9098, ToPort: 9098, IpProtocol: 'tcp' };
    analytics().hasResourceProperties('AWS::EC2::SecurityGroupIngress', toBrokers);
  });

  test('each alarm of the sink says where to look', () => {
    const alarms = Object.entries(analytics().findResources('AWS::CloudWatch::Alarm'))
      .filter(([id]) => id.startsWith('WarehouseConnector'))
      .map(([, { Properties }]) => Properties);
    expect(new Set(alarms.map(({ MetricName }) => MetricName))).toEqual(
      new Set(['ErroredTaskCount', 'RunningTaskCount', 'SinkDeadLetters', 'SumOffsetLag']),
    );
    expect(alarms).toHaveLength(4);
    for (const { AlarmDescription } of alarms) expect(AlarmDescription).toMatch(/\. (See|Read) |; else see /);
  });
});

test('workers are as many as were asked for in dev, and grow in prod, with no more tasks than the table says', () => {
  expect(capacityOf('dev')).toEqual({ ProvisionedCapacity: { McuCount: 1, WorkerCount: 1 } });
  expect(capacityOf('prod')).toMatchObject({
    AutoScaling: { MinWorkerCount: 2, MaxWorkerCount: 4, MaxAutoscalingTaskCount: 6 },
  });
});

test.each<[string, StageChanges, 'another' | 'the same']>([
  ['another interval of sending', { warehouse: { flushSeconds: 20 } }, 'another'],
  ['another key of the loader', { warehouse: { keyGenerations: { loader: 2 } } }, 'another'],
  ["another key of somebody else's", { warehouse: { keyGenerations: { reader: 2 } } }, 'the same'],
  ['another capacity', { warehouse: { capacity: { mcu: 2 } } }, 'the same'],
  ['another synthesis', {}, 'the same'],
])('of a deployment with %s %o, the connector has %s name', (_, changes, name) => {
  const [before, after] = [nameOf('dev'), nameOf('dev', changes)];
  expect(JSON.stringify(before) === JSON.stringify(after) ? 'the same' : 'another').toBe(name);
});

test('a program gets whom to be and where its key lies, and no key', () => {
  expect(synthesize('dev').stacks.analytics.warehouse.environmentOf('transformer')).toMatchObject({
    SNOWFLAKE_ACCOUNT: 'EXAMPLEORG-EXAMPLEACCOUNT',
    SNOWFLAKE_USER: 'CRYPTO_TRANSFORMER_SERVICE',
    SNOWFLAKE_ROLE: 'CRYPTO_TRANSFORMER',
    SNOWFLAKE_WAREHOUSE: 'CRYPTO_TRANSFORMING',
    SNOWFLAKE_DATABASE: 'CRYPTO_MARKET',
    SNOWFLAKE_PRIVATE_KEY_SECRET_ARN: expect.any(String),
  });
});

function capacityOf(stage: StageName): unknown {
  const [connector] = Object.values(synthesize(stage).template('analytics').findResources(CONNECTOR));
  return connector?.['Properties'].Capacity;
}

function nameOf(stage: StageName, changes?: StageChanges): unknown {
  const [connector] = Object.values(
    synthesize(stage, changes).template('analytics').findResources(CONNECTOR),
  );
  return connector?.['Properties'].ConnectorName['Fn::Join'][1];
}

/** By the roles whose ids begin so. */
function secretsReadBy(stage: StageName, role: string): readonly string[] {
  const found = Object.entries(synthesize(stage).template('analytics').findResources('AWS::IAM::Policy'));
  return found
    .filter(([id]) => id.startsWith(role))
    .flatMap(([, { Properties }]) => policy.parse(Properties).PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
    .map(({ Resource }) => JSON.stringify(Resource));
}

const policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
    ),
  }),
});

const ports = z.object({ SecurityGroupEgress: z.array(z.object({ FromPort: z.int() })).default([]) });
