import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import { ofType } from '#test/lib/whole-app/resources.ts';
import { identityStatements, resourceStatements } from '#test/lib/whole-app/statements.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ENVIRONMENT = 'AWS::MWAA::Environment';

describe.each(STAGE_NAMES)('in %s', (stage) => {
  const analytics = () => synthesize(stage).template('analytics');

  test('Airflow is as large as the stage says, in two zones, and all its parts are logged', () => {
    const { batch } = synthesize(stage).stage;
    analytics().hasResourceProperties(ENVIRONMENT, {
      AirflowVersion: batch.airflowVersion,
      EnvironmentClass: batch.environmentClass,
      MinWorkers: batch.minimumWorkers,
      MaxWorkers: batch.maximumWorkers,
      Schedulers: batch.schedulers,
      MinWebservers: batch.webServers.minimum,
      MaxWebservers: batch.webServers.maximum,
      WebserverAccessMode: batch.webAccess,
      KmsKey: Match.anyValue(),
      NetworkConfiguration: { SubnetIds: [Match.anyValue(), Match.anyValue()] },
      LoggingConfiguration: Object.fromEntries(
        ['DagProcessingLogs', 'SchedulerLogs', 'TaskLogs', 'WebserverLogs', 'WorkerLogs'].map((part) => [
          part,
          { Enabled: true, LogLevel: Match.stringLikeRegexp('^(INFO|WARNING)$') },
        ]),
      ),
    });
    // as MWAA would name them, where there is no retention to be had
    const groups = ofType(stage, 'AWS::Logs::LogGroup').map(({ properties }) => properties['LogGroupName']);
    for (const part of ['DAGProcessing', 'Scheduler', 'Task', 'WebServer', 'Worker']) {
      expect(groups).toContain(`airflow-crypto-market-${stage}-${part}`);
    }
  });

  test("a changed requirements.txt, startup.sh or lock file of dbt's is another name, which the environment asks for", () => {
    const [environment] = ofType(stage, ENVIRONMENT);
    for (const [property, file, ...read] of [
      ['RequirementsS3Path', 'requirements.txt'],
      ['StartupScriptS3Path', 'startup.sh', 'dbt/requirements.txt'],
    ] as const) {
      const text = readFileSync(join(ROOT, 'mwaa', file));
      const hashed = Buffer.concat([text, ...read.map((other) => readFileSync(join(ROOT, other)))]);
      const hash = createHash('sha256').update(hashed).digest('hex').slice(0, 16);
      expect(environment?.properties[property]).toBe(`pinned/${hash}/${file}`);
      expect(deployed(stage).get(`pinned/${hash}/${file}`)).toEqual(text);
    }
  });

  test('what runs is uploaded, dbt with its lock file, and nothing that a run left behind', () => {
    const names = [...deployed(stage).keys()];
    for (const name of [
      'market_models.py',
      'crypto_pipeline/settings.py',
      '.airflowignore',
      'dbt_project.yml',
      'profiles.yml',
      'requirements.txt',
    ]) {
      expect(names).toContain(name);
    }
    expect(
      names.filter((name) => /__pycache__|\.pyc$|(^|\/)(target|logs|dbt_packages)\//.test(name)),
    ).toEqual([]);
    analytics().hasResourceProperties('Custom::CDKBucketDeployment', {
      DestinationBucketKeyPrefix: 'dags',
      // else each deployment would clear away what the other one brought
      Exclude: ['dbt/*'],
    });
    analytics().hasResourceProperties('Custom::CDKBucketDeployment', {
      DestinationBucketKeyPrefix: 'dags/dbt',
    });
    analytics().hasResourceProperties('Custom::CDKBucketDeployment', {
      DestinationBucketKeyPrefix: Match.absent(),
      Prune: false,
    });
  });

  test('Airflow starts when its files and what it may do are there', () => {
    const [environment] = Object.values(analytics().findResources(ENVIRONMENT));
    const before: readonly string[] = environment?.['DependsOn'] ?? [];
    const uploads = Object.keys(analytics().findResources('Custom::CDKBucketDeployment'));
    expect(uploads).toHaveLength(3);
    expect(before).toEqual(expect.arrayContaining(uploads));
    expect(before.join()).toContain('ExecutionRoleDefaultPolicy');
  });

  test('its role is lent to this one environment', () => {
    const trusts = resourceStatements(role(stage));
    expect(trusts.map(({ Principal }) => Principal)).toEqual([
      { Service: ['airflow-env.amazonaws.com', 'airflow.amazonaws.com'] },
    ]);
    for (const { Condition } of trusts) {
      expect(Condition).toEqual({
        StringEquals: { 'aws:SourceAccount': '123456789012' },
        ArnLike: {
          'aws:SourceArn': `arn:aws:airflow:ap-northeast-1:123456789012:environment/crypto-market-${stage}`,
        },
      });
    }
  });

  test('tasks may do what their DAGs do, and may not change what they run', () => {
    const statements = identityStatements(role(stage));
    const may = (action: string) =>
      statements
        .filter(({ Action = [] }) => Action.includes(action))
        .flatMap(({ Resource = [] }) => Resource);
    for (const action of [
      'airflow:PublishMetrics',
      'ecs:RunTask',
      'ecs:TagResource',
      'ecs:StopTask',
      'iam:PassRole',
      'logs:GetLogEvents',
      'lambda:InvokeFunction',
      'secretsmanager:GetSecretValue',
      'sns:Publish',
      'kms:Decrypt',
    ]) {
      expect(may(action), action).not.toEqual([]);
      expect(may(action), action).not.toContain('*');
    }
    expect(may('s3:PutObject')).toHaveLength(1);
    expect(JSON.stringify(may('s3:PutObject'))).toContain('/artifacts/*');
    expect(statements.flatMap(({ Action }) => Action).join()).not.toMatch(/s3:Delete|s3:\*/);
    expect(JSON.stringify(may('secretsmanager:GetSecretValue'))).toMatch(/TransformerKey/);
    expect(JSON.stringify(may('secretsmanager:GetSecretValue'))).not.toMatch(/LoaderKey|ReaderKey/);
  });

  test('its parts reach each other and TLS anywhere, and nobody reaches them', () => {
    const rules = ofType(stage, 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress').filter(
      ({ id }) => id.startsWith('BatchAirflow'),
    );
    expect(
      rules.map(({ type, properties }) => `${type} ${String(properties['FromPort'])}`).toSorted(),
    ).toEqual([
      'AWS::EC2::SecurityGroupEgress 443',
      'AWS::EC2::SecurityGroupEgress 5432',
      'AWS::EC2::SecurityGroupIngress 443',
      'AWS::EC2::SecurityGroupIngress 5432',
    ]);
    for (const { properties } of rules) {
      const other = properties['SourceSecurityGroupId'] ?? properties['DestinationSecurityGroupId'];
      expect(other).toEqual(properties['GroupId']);
    }
    analytics().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('^Airflow'),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })],
      SecurityGroupIngress: Match.absent(),
    });
  });
});

function role(stage: (typeof STAGE_NAMES)[number]) {
  return ofType(stage, 'AWS::IAM::Role', 'AWS::IAM::Policy').filter(({ id }) =>
    id.startsWith('BatchExecutionRole'),
  );
}

/** What the deployments unpack into the bucket, by name below their prefixes. */
function deployed(stage: (typeof STAGE_NAMES)[number]): ReadonlyMap<string, Buffer> {
  const synthesis = synthesize(stage);
  const uploads = JSON.stringify(
    synthesis.template('analytics').findResources('Custom::CDKBucketDeployment'),
  );
  const assets = new Set(uploads.match(/[0-9a-f]{64}(?=\.zip)/g));
  expect(assets.size).toBeGreaterThan(2);
  return new Map([...assets].flatMap((hash) => filesBelow(join(synthesis.app.outdir, `asset.${hash}`))));
}

function filesBelow(folder: string): readonly (readonly [name: string, content: Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .map((name) => [name, readFileSync(join(folder, name))]);
}
