import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { beforeAll, expect, test } from 'vitest';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { DataStack } from '#lib/stacks/data-stack.ts';
import { FoundationStack } from '#lib/stacks/foundation-stack.ts';
import { emptyApp, synthesize } from '#test/lib/synth.ts';

const KAFKA = 'arn:aws:kafka:ap-northeast-1:123456789012';
const UUID = '<crypto-market-dev-data:cluster-uuid>';
const topic = (name: string) => `${KAFKA}:topic/crypto-market-dev/${UUID}/${name}`;
const group = (name: string) => `${KAFKA}:group/crypto-market-dev/${UUID}/${name}`;

let template: Template;
let data: Template;

beforeAll(() => {
  const { stage } = synthesize('dev');
  const app = emptyApp();
  const place = { env: { account: stage.account, region: stage.region }, stage };
  const foundation = new FoundationStack(app, 'crypto-market-dev-foundation', place);
  const dataStack = new DataStack(app, 'crypto-market-dev-data', { ...place, foundation });
  const { stream } = dataStack;
  const client = new Stack(app, 'client', { env: place.env });
  const role = (id: string) =>
    new iam.Role(client, id, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
  stream.grantPublish(role('Publisher'), CANDLE_TOPIC, DEAD_LETTER_TOPIC);
  stream.grantConsume(role('Consumer'), 'readers', CANDLE_TOPIC);
  stream.grantSinkConnector(role('Connector'), {
    connectorName: 'crypto-candles-a1b2',
    from: CANDLE_TOPIC,
    deadLetters: SINK_DEAD_LETTER_TOPIC,
  });
  const { vpc } = foundation.network;
  const securityGroup = new ec2.SecurityGroup(client, 'Client', { vpc, allowAllOutbound: false });
  securityGroup.connections.allowToDefaultPort(stream, 'Writes candles');
  template = Template.fromStack(client);
  data = Template.fromStack(dataStack);
});

test('who publishes may write its topics and read them back, in groups of its own that it may delete', () => {
  expect(rightsOf('Publisher')).toEqual({
    '<cluster>': ['kafka-cluster:Connect', 'kafka:GetBootstrapBrokers'],
    [topic(CANDLE_TOPIC)]: ['DescribeTopic', 'ReadData', 'WriteData'].map(inCluster),
    [topic(DEAD_LETTER_TOPIC)]: ['DescribeTopic', 'ReadData', 'WriteData'].map(inCluster),
    [group('ohlc-exporter-cursor-*')]: ['AlterGroup', 'DeleteGroup', 'DescribeGroup'].map(inCluster),
  });
});

test('who consumes may read its topics in its groups, and write nothing', () => {
  expect(rightsOf('Consumer')).toEqual({
    '<cluster>': ['kafka-cluster:Connect'],
    [topic(CANDLE_TOPIC)]: ['DescribeTopic', 'ReadData'].map(inCluster),
    [group('readers*')]: ['AlterGroup', 'DescribeGroup'].map(inCluster),
  });
});

test('a connector may make topics of its own only, and write no other than its dead letters', () => {
  const rights = rightsOf('Connector');
  const with_ = (action: string) =>
    Object.keys(rights).filter((resource) => rights[resource]?.includes(inCluster(action)));
  expect(with_('CreateTopic')).toEqual([topic('__amazon_msk_connect_*')]);
  expect(with_('WriteData').toSorted()).toEqual(
    [topic('__amazon_msk_connect_*'), topic(SINK_DEAD_LETTER_TOPIC)].toSorted(),
  );
  expect(with_('ReadData').toSorted()).toEqual(
    [topic('__amazon_msk_connect_*'), topic(CANDLE_TOPIC)].toSorted(),
  );
  expect(with_('AlterGroup').toSorted()).toEqual(
    [group('__amazon_msk_connect_*'), group('connect-crypto-candles-a1b2*')].toSorted(),
  );
  expect(rights['<cluster>']).toEqual(['Connect', 'DescribeCluster', 'WriteDataIdempotently'].map(inCluster));
});

test('a client is let in by rules of its own stack, so that none is made or deleted under the cluster', () => {
  expect(() => template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1)).not.toThrow();
  expect(() =>
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 9098, ToPort: 9098 }),
  ).not.toThrow();
  expect(() =>
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 9098, ToPort: 9098 }),
  ).not.toThrow();
  expect(() => data.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1)).not.toThrow();
});

const inCluster = (action: string) => `kafka-cluster:${action}`;

/** Actions by resource, as the policy of a role has them. */
function rightsOf(role: string): Record<string, readonly string[]> {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.startsWith(`${role}DefaultPolicy`),
  );
  expect(policies).toHaveLength(1);
  const rights: Record<string, string[]> = {};
  for (const { Action, Resource } of policies[0]?.[1]['Properties'].PolicyDocument.Statement ?? []) {
    for (const resource of [Resource].flat()) {
      (rights[textOf(resource)] ??= []).push(...[Action].flat());
    }
  }
  return Object.fromEntries(
    Object.entries(rights).map(([resource, actions]) => [resource, actions.toSorted()]),
  );
}

function textOf(resource: Reference): string {
  if (typeof resource === 'string') return resource;
  if ('Fn::Join' in resource) return resource['Fn::Join'][1].map(textOf).join('');
  const name = resource['Fn::ImportValue'];
  return name.includes('StreamCluster') ? '<cluster>' : `<${name}>`;
}

type Reference =
  | string
  | { readonly 'Fn::Join': readonly [string, readonly Reference[]] }
  | { readonly 'Fn::ImportValue': string };
