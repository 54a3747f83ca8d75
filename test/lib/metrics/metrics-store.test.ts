import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { rulesYaml } from '#grafana/rules/rules-yaml.ts';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import { resourcesLike } from './resources-like.ts';

const WORKSPACE = 'AWS::APS::Workspace';

describe.each(STAGE_NAMES)('in %s', (name) => {
  test('the workspace keeps metrics as long as the stage says, encrypted, and takes those that come ten minutes late', () => {
    const made = synthesize(name);
    expect(
      resourcesLike(made.template('data'), WORKSPACE, {
        KmsKeyArn: Match.anyValue(),
        WorkspaceConfiguration: {
          RetentionPeriodInDays: made.stage.metrics.retentionDays,
          OutOfOrderTimeWindowInSeconds: 600,
        },
        LoggingConfiguration: Match.anyValue(),
        QueryLoggingConfiguration: Match.anyValue(),
      }),
    ).toHaveLength(1);
  });

  test('the rules in it are those of the repository', () => {
    expect(
      resourcesLike(synthesize(name).template('live'), 'AWS::APS::RuleGroupsNamespace', {
        Data: rulesYaml(),
        Workspace: Match.anyValue(),
      }),
    ).toHaveLength(1);
  });

  test('Alertmanager writes to the topic of alarms, which lets in the workspaces of this account only', () => {
    const made = synthesize(name);
    const { stage } = made;
    const definition = JSON.stringify(Object.values(made.template('data').findResources(WORKSPACE)));
    expect(definition).toMatch(/topic_arn: ",\{"Fn::ImportValue":"[^"]*Alarms/);
    const statement = {
      Principal: { Service: 'aps.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': stage.account },
        ArnLike: { 'aws:SourceArn': `arn:aws:aps:${stage.region}:${stage.account}:workspace/*` },
      },
    };
    const including = { Statement: Match.arrayWith([Match.objectLike(statement)]) };
    expect(
      resourcesLike(made.template('foundation'), 'AWS::SNS::TopicPolicy', { PolicyDocument: including }),
    ).toHaveLength(1);
    expect(
      resourcesLike(made.template('foundation'), 'AWS::KMS::Key', { KeyPolicy: including }),
    ).toHaveLength(1);
  });

  test.each(['DiscardedSamples', 'RuleEvaluationFailures', 'AlertManagerNotificationsFailed'])(
    '%s is an alarm, whatever its reason',
    (metric) => {
      const alarms = synthesize(name).template('data').findResources('AWS::CloudWatch::Alarm');
      const queries = Object.values(alarms).map((alarm) => JSON.stringify(alarm));
      expect(
        queries.filter(
          (query) => query.includes(`SUM(\\\\\\"${metric}\\\\\\")`) || query.includes(`SUM(\\"${metric}\\")`),
        ),
      ).toHaveLength(1);
    },
  );
});

test('the workspace of a protected stage outlives its stack, that of another does not', () => {
  expect(deletionPolicy('prod')).toEqual(['Retain']);
  expect(deletionPolicy('dev')).toEqual(['Delete']);
});

test('the quality exporter reads with the key of the reader, and no other', () => {
  const analytics = synthesize('prod').template('analytics');
  const policies = JSON.stringify(
    analytics.findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('^QualityExporter') },
    }),
  );
  expect(policies).toContain('ReaderKey');
  expect(policies).not.toMatch(/LoaderKey|TransformerKey/);
  expect(
    resourcesLike(analytics, 'AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('what the warehouse knows'),
      VpcConfig: Match.anyValue(),
      Environment: {
        Variables: Match.objectLike({ SNOWFLAKE_ROLE: 'CRYPTO_READER', REMOTE_WRITE_AUTH: 'sigv4' }),
      },
    }),
  ).toHaveLength(1);
});

function deletionPolicy(name: (typeof STAGE_NAMES)[number]): readonly unknown[] {
  const workspaces = synthesize(name).template('data').findResources(WORKSPACE);
  return Object.values(workspaces).map((one): unknown => one['DeletionPolicy']);
}
