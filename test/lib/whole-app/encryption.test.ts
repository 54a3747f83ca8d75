import { describe, expect, test } from 'vitest';
import { STAGE_NAMES } from '#test/lib/synth.ts';
import { leaves, nameOf, ofType, resourcesOf } from './resources.ts';
import type { Resource } from './resources.ts';
import { resourceStatements } from './statements.ts';

/** Where each type says with which key its data is encrypted. */
const KEY_AT: Readonly<Record<string, string>> = {
  'AWS::APS::Workspace': 'KmsKeyArn',
  'AWS::CodeBuild::Project': 'EncryptionKey',
  'AWS::ECR::Repository': 'EncryptionConfiguration.KmsKey',
  'AWS::Lambda::Function': 'KmsKeyArn',
  'AWS::Logs::LogGroup': 'KmsKeyId',
  'AWS::MSK::Cluster': 'EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId',
  'AWS::MWAA::Environment': 'KmsKey',
  'AWS::S3::Bucket':
    'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
};

/** Resources that can't be, or need not be, encrypted with the stage's own key. */
const OTHERWISE: readonly (readonly [resource: RegExp, reason: string])[] = [
  [/AccessLogs\w+ \(AWS::S3::Bucket\)/, 'S3 delivers access logs only where it encrypts by keys of its own'],
];

/** Types whose policy has to refuse what does not come by TLS. */
const TLS_POLICY: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic': 'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue': 'AWS::SQS::QueuePolicy',
};

describe.each(STAGE_NAMES)('in %s', (stage) => {
  test("whatever keeps data is encrypted with the stage's key", () => {
    const keeping = ofType(stage, ...Object.keys(KEY_AT));
    expect(new Set(keeping.map(({ type }) => type)).size).toBeGreaterThan(4);
    const without = keeping.filter((resource) => !namesKey(resource)).map(nameOf);
    expect(without.filter((name) => !OTHERWISE.some(([pattern]) => pattern.test(name)))).toEqual([]);
    for (const [pattern] of OTHERWISE) expect(without.join('\n')).toMatch(pattern);
  });

  test('every type that has a setting for a key is in the list above', () => {
    const known = new Set(Object.keys(KEY_AT));
    const found = resourcesOf(stage).filter(({ type, properties }) => {
      const keys = [...leaves(properties)].flatMap(({ path }) => path);
      return (
        keys.some((key) => /^(KmsKey|KMSMasterKey|KmsMasterKey|DataVolumeKMSKey|EncryptionKey)/.test(key)) &&
        !known.has(type)
      );
    });
    expect(found.map(nameOf)).toEqual([]);
  });

  test('every bucket, topic and queue refuses what does not come by TLS', () => {
    const reachable = ofType(stage, ...Object.keys(TLS_POLICY));
    expect(reachable).not.toEqual([]);
    const refusals = ofType(stage, ...Object.values(TLS_POLICY)).filter((policy) =>
      resourceStatements([policy]).some(
        ({ Effect, Condition }) =>
          Effect === 'Deny' && Condition?.['Bool']?.['aws:SecureTransport'] === 'false',
      ),
    );
    const open = reachable.filter(
      ({ id, part }) =>
        !refusals.some(
          (policy) => policy.part === part && JSON.stringify(policy.properties).includes(`"${id}"`),
        ),
    );
    expect(open.map(nameOf)).toEqual([]);
  });

  test('no bucket can be made public', () => {
    const open = ofType(stage, 'AWS::S3::Bucket').filter(({ properties }) => {
      const block = JSON.stringify(properties['PublicAccessBlockConfiguration'] ?? {});
      return (block.match(/true/g) ?? []).length !== 4;
    });
    expect(open.map(nameOf)).toEqual([]);
  });

  test('brokers speak TLS only, to clients and to each other, and know their clients by IAM', () => {
    const clusters = ofType(stage, 'AWS::MSK::Cluster');
    expect(clusters.length).toBe(1);
    for (const { properties } of clusters) {
      expect(properties).toMatchObject({
        EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } },
        ClientAuthentication: { Sasl: { Iam: { Enabled: true } } },
      });
      expect(JSON.stringify(properties['ClientAuthentication'])).not.toMatch(
        /Unauthenticated":\{"Enabled":true/,
      );
    }
  });
});

function namesKey({ type, properties }: Resource): boolean {
  // of a function, the key is that of its variables
  if (type === 'AWS::Lambda::Function' && !('Environment' in properties)) return true;
  const at = KEY_AT[type] ?? '';
  const value = at
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
      properties,
    );
  // a reference to the key, not the name of one of the account's own
  return typeof value === 'object' && value !== null;
}
