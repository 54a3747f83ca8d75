import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';

/** Another id is another cluster: what is in this one stays behind, or goes with it. */
const LOGICAL_IDS = {
  'AWS::MSK::Cluster': ['StreamCluster8AD6DEEE'],
  'AWS::MSK::Configuration': ['StreamConfigurationF7CC7983'],
  'AWS::MSK::Topic': ['StreamCandles73D8C4C3', 'StreamDeadLettersEE2D94FB', 'StreamSinkDeadLetters6C40F773'],
};

describe.each(STAGE_NAMES)('the stream of %s', (name) => {
  const { stream, metrics } = synthesize(name).stage;
  const template = () => synthesize(name).template('data');
  const only = (type: string) => Object.values(template().findResources(type))[0]?.['Properties'];

  test('keeps the logical ids of its cluster, its configuration and its topics', () => {
    for (const [type, ids] of Object.entries(LOGICAL_IDS)) {
      expect(Object.keys(template().findResources(type)).toSorted(), type).toEqual(ids);
    }
  });

  test('takes no client but by IAM and TLS, and encrypts its volumes with the key of the stage', () => {
    expect(() =>
      template().hasResourceProperties('AWS::MSK::Cluster', {
        ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
        EncryptionInfo: {
          EncryptionAtRest: { DataVolumeKMSKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp('Key') } },
          EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true },
        },
      }),
    ).not.toThrow();
  });

  test('loses nothing to a leader that lagged behind, and makes no topic by mistake', () => {
    const settings = only('AWS::MSK::Configuration').ServerProperties.split('\n');
    expect(settings).toContain('unclean.leader.election.enable=false');
    expect(settings).toContain('auto.create.topics.enable=false');
    expect(settings).toContain(`min.insync.replicas=${stream.minInsyncReplicas}`);
    expect(settings).toContain(`default.replication.factor=${stream.replicationFactor}`);
  });

  test('restarts its brokers with changed settings, by their newest revision', () => {
    expect(only('AWS::MSK::Cluster').ConfigurationInfo).toEqual({
      Arn: { 'Fn::GetAtt': ['StreamConfigurationF7CC7983', 'Arn'] },
      Revision: { 'Fn::GetAtt': ['StreamConfigurationF7CC7983', 'LatestRevision.Revision'] },
    });
  });

  test('lets the pollers of Lambda in, which are in the group of the cluster', () => {
    const group = { 'Fn::GetAtt': [Match.stringLikeRegexp('^StreamSecurityGroup'), 'GroupId'] };
    expect(() =>
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        GroupId: group,
        SourceSecurityGroupId: group,
        FromPort: 9098,
        ToPort: 9098,
      }),
    ).not.toThrow();
    expect(() => template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 1)).not.toThrow();
  });

  test('lets them call AWS only where the stage has no pollers of its own', () => {
    const outward = JSON.stringify(only('AWS::EC2::SecurityGroup').SecurityGroupEgress);
    const nobody = /^\[\{"CidrIp":"255\.255\.255\.255\/32"[^{]*\}\]$/;
    const tlsOnly = /^\[\{"CidrIp":"0\.0\.0\.0\/0"[^{]*"ToPort":443\}\]$/;
    // no rule at all would let everything out
    expect(outward).toMatch(metrics.consumer.pollers ? nobody : tlsOnly);
  });

  test('logs its brokers, and lets its volumes grow before a person is told', () => {
    expect(() =>
      template().hasResourceProperties('AWS::MSK::Cluster', {
        LoggingInfo: { BrokerLogs: { CloudWatchLogs: { Enabled: true } } },
      }),
    ).not.toThrow();
    const grows = only('AWS::ApplicationAutoScaling::ScalingPolicy');
    const { TargetValue } = grows.TargetTrackingScalingPolicyConfiguration;
    const told = Object.values(
      template().findResources('AWS::CloudWatch::Alarm', {
        Properties: { MetricName: 'KafkaDataLogsDiskUsed' },
      }),
    ).map(({ Properties }) => Properties.Threshold);
    expect(told).toHaveLength(stream.brokerCount);
    for (const threshold of told) expect(threshold).toBeGreaterThan(TargetValue);
  });

  test('asks for its brokers as one that may ask for nothing else', () => {
    expect(() => template().resourceCountIs('Custom::AWS', 1)).not.toThrow();
    expect(() =>
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: Match.objectLike({
          Statement: [
            {
              Action: 'kafka:GetBootstrapBrokers',
              Effect: 'Allow',
              Resource: { 'Fn::GetAtt': ['StreamCluster8AD6DEEE', 'Arn'] },
            },
          ],
        }),
      }),
    ).not.toThrow();
  });
});

test('the cluster goes with the stack of dev, and stays without that of prod', () => {
  expect(kept('dev')).toEqual([['Delete', 'Delete']]);
  expect(kept('prod')).toEqual([['Retain', 'Retain']]);
});

test('express brokers are told nothing that they fix themselves', () => {
  const template = synthesize('prod', (stage) => ({
    ...stage,
    stream: { ...stage.stream, brokers: { family: 'express', instanceType: 'express.m7g.large' } },
  })).template('data');
  expect(() =>
    template.hasResourceProperties('AWS::MSK::Configuration', {
      ServerProperties: 'auto.create.topics.enable=false',
    }),
  ).not.toThrow();
  expect(() =>
    template.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { InstanceType: 'express.m7g.large', StorageInfo: Match.absent() },
    }),
  ).not.toThrow();
  expect(() => template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0)).not.toThrow();
});

/** What becomes of the cluster when it is taken out of its stack, and when it is replaced. */
function kept(name: 'dev' | 'prod'): readonly unknown[] {
  return Object.values(synthesize(name).template('data').findResources('AWS::MSK::Cluster')).map(
    ({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy],
  );
}
