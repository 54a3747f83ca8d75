import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';

describe.each(STAGE_NAMES)('the network of %s', (name) => {
  const { stage } = synthesize(name);
  const template = () => synthesize(name).template('foundation');

  test('has a public and a private subnet in each zone, and gives nothing in them a public address', () => {
    const subnets = Object.values(template().findResources('AWS::EC2::Subnet'));
    const zones = subnets.map(({ Properties }) => String(Properties.AvailabilityZone));
    expect(zones.toSorted()).toEqual([...stage.zones, ...stage.zones].toSorted());
    expect(subnets.map(({ Properties }) => Properties.MapPublicIpOnLaunch)).not.toContain(true);
  });

  test('has as many NAT gateways as the stage says', () => {
    expect(() => template().resourceCountIs('AWS::EC2::NatGateway', stage.network.natGateways)).not.toThrow();
  });

  test('has no rule in its default security group', () => {
    expect(() =>
      template().hasResourceProperties('Custom::VpcRestrictDefaultSG', {
        DefaultSecurityGroupId: Match.anyValue(),
      }),
    ).not.toThrow();
  });

  test('reaches S3 without a NAT gateway from every subnet', () => {
    expect(() =>
      template().hasResourceProperties('AWS::EC2::VPCEndpoint', {
        VpcEndpointType: 'Gateway',
        ServiceName: Match.objectLike({ 'Fn::Join': Match.arrayWith([Match.arrayWith(['.s3'])]) }),
        RouteTableIds: Match.anyValue(),
      }),
    ).not.toThrow();
  });

  test('logs all flows, by a role that only the flow logs of this account may take', () => {
    expect(() =>
      template().hasResourceProperties('AWS::EC2::FlowLog', {
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        LogDestinationType: 'cloud-watch-logs',
      }),
    ).not.toThrow();
    expect(() =>
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: Match.objectLike({
          Statement: [
            Match.objectLike({
              Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
              Condition: {
                StringEquals: { 'aws:SourceAccount': stage.account },
                ArnLike: { 'aws:SourceArn': `arn:aws:ec2:${stage.region}:${stage.account}:vpc-flow-log/*` },
              },
            }),
          ],
        }),
      }),
    ).not.toThrow();
  });
});

test('only a stage that pays for them has interface endpoints, and they take TLS from within the network alone', () => {
  const type = 'AWS::EC2::VPCEndpoint';
  const ofKind = { Properties: { VpcEndpointType: 'Interface' } };
  expect(synthesize('dev').template('foundation').findResources(type, ofKind)).toEqual({});
  const prod = synthesize('prod').template('foundation');
  const names = Object.values(prod.findResources(type, ofKind)).map(({ Properties }) =>
    String(Properties.ServiceName).replace('com.amazonaws.ap-northeast-1.', ''),
  );
  expect(names.toSorted()).toEqual([
    'aps-workspaces',
    'ecr.api',
    'ecr.dkr',
    'logs',
    'monitoring',
    'secretsmanager',
    'sqs',
    'sts',
  ]);
  expect(() =>
    prod.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'The interface endpoints of AWS services',
      SecurityGroupIngress: [
        Match.objectLike({ CidrIp: synthesize('prod').stage.network.cidr, FromPort: 443, ToPort: 443 }),
      ],
    }),
  ).not.toThrow();
});

test('a zone that is added moves no subnet of the others', () => {
  const two = addresses(['ap-northeast-1a', 'ap-northeast-1c']);
  expect(Object.keys(two)).toHaveLength(4);
  expect(addresses(['ap-northeast-1a', 'ap-northeast-1c', 'ap-northeast-1d'])).toMatchObject(two);
});

/** Of the subnets, by logical id. */
function addresses(zones: readonly string[]): Readonly<Record<string, unknown>> {
  const subnets = synthesize('dev', { zones: [...zones], stream: { brokerCount: zones.length } })
    .template('foundation')
    .findResources('AWS::EC2::Subnet');
  return Object.fromEntries(
    Object.entries(subnets).map(([id, { Properties }]) => [id, Properties.CidrBlock]),
  );
}
