import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import { expect, test } from 'vitest';
import { MetricsForwarder } from '#lib/metrics/metrics-forwarder.ts';
import { synthesize } from '#test/lib/synth.ts';
import { resourcesLike } from './resources-like.ts';

test('the forwarder can neither end the task it is in, nor write to its disk, nor to anything but the store', () => {
  const { app, stage, stacks } = synthesize('dev', {});
  const stack = new Stack(app, 'Forwarding', { env: { account: stage.account, region: stage.region } });
  new MetricsForwarder(stack, 'Forwarder', {
    stage,
    key: new kms.Key(stack, 'Key'),
    metricsStore: stacks.data.metricsStore,
    taskDefinition: new ecs.FargateTaskDefinition(stack, 'Task'),
    image: ecs.ContainerImage.fromRegistry('example@sha256:0'),
    command: ['node', 'main.js'],
  });
  const template = Template.fromStack(stack);
  const container = {
    Name: 'metrics-forwarder',
    Essential: false,
    ReadonlyRootFilesystem: true,
    RestartPolicy: { Enabled: true },
    Environment: Match.arrayWith([{ Name: 'REMOTE_WRITE_AUTH', Value: 'sigv4' }]),
    LogConfiguration: Match.objectLike({ LogDriver: 'awslogs' }),
  };
  expect(
    resourcesLike(template, 'AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike(container)],
    }),
  ).toHaveLength(1);
  const ofTaskRole = { PolicyDocument: { Statement: [Match.objectLike({ Action: 'aps:RemoteWrite' })] } };
  expect(resourcesLike(template, 'AWS::IAM::Policy', ofTaskRole)).toHaveLength(1);
});
