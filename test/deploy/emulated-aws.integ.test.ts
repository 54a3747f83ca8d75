import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmulatedAws } from '#deploy/emulated/emulated-aws.ts';
import type { EmulatedAws } from '#deploy/emulated/emulated-aws.ts';

const REGION = 'ap-northeast-1';

let aws: EmulatedAws;

beforeAll(async () => {
  aws = await startEmulatedAws(REGION);
}, 120_000);

afterAll(async () => await aws[Symbol.asyncDispose]());

const CONFIGURATION = {
  Type: 'AWS::MSK::Configuration',
  Properties: { Name: 'settings', ServerProperties: 'auto.create.topics.enable=false' },
};

test('makes a stack of types that moto lacks, and what one exports another finds', async () => {
  const exporting = {
    Resources: { Configuration: CONFIGURATION },
    Outputs: {
      Arn: { Value: { 'Fn::GetAtt': ['Configuration', 'Arn'] }, Export: { Name: 'configuration' } },
    },
  };
  expect(await create('exporting', exporting)).toMatch('<StackId>');
  const importing = { Resources: { Group: tagged({ 'Fn::ImportValue': 'configuration' }) } };
  expect(await create('importing', importing)).toMatch('<StackId>');
  const lost = { Resources: { Group: tagged({ 'Fn::ImportValue': 'nobody' }) } };
  expect(await create('lost', lost)).toMatch('nobody');
});

test('refuses what a property is once its reference is resolved', async () => {
  const template = {
    Resources: {
      Configuration: CONFIGURATION,
      Topic: {
        Type: 'AWS::MSK::Topic',
        Properties: {
          // the revision, where the ARN of a cluster belongs
          ClusterArn: { 'Fn::GetAtt': ['Configuration', 'LatestRevision.Revision'] },
          TopicName: 'candles',
          PartitionCount: 'many',
          ReplicationFactor: 2,
        },
      },
    },
  };
  const answer = await create('wrong-property', template);
  expect(answer).toMatch('Topic (AWS::MSK::Topic)');
  expect(answer).toMatch('PartitionCount');
});

test('refuses a property that the type does not have, of moto’s own types too', async () => {
  const group = { ...logGroup('here'), Properties: { LogGroupName: 'here', Retention: 7 } };
  expect(await create('no-property', { Resources: { Group: group } })).toMatch('Retention');
});

test('refuses an attribute that the type does not have', async () => {
  const template = {
    Resources: {
      Configuration: CONFIGURATION,
      Group: logGroup({ 'Fn::GetAtt': ['Configuration', 'Bootstrap'] }),
    },
  };
  expect(await create('no-attribute', template)).toMatch(
    'AWS::MSK::Configuration has no attribute Bootstrap',
  );
});

test('refuses a type that nobody stands in for, which moto alone would leave out', async () => {
  const template = { Resources: { Fleet: { Type: 'AWS::GameLift::Fleet', Properties: {} } } };
  expect(await create('no-type', template)).toMatch('AWS::GameLift::Fleet');
});

function tagged(value: unknown) {
  return { Type: 'AWS::Logs::LogGroup', Properties: { Tags: [{ Key: 'of', Value: value }] } };
}

function logGroup(name: unknown) {
  return { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: name } };
}

/** The answer of CloudFormation, an error's too. */
async function create(name: string, template: object): Promise<string> {
  const answer = await fetch(aws.environment['AWS_ENDPOINT_URL'] ?? '', {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${REGION}/cloudformation/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: new URLSearchParams({
      Action: 'CreateStack',
      StackName: name,
      TemplateBody: JSON.stringify(template),
    }),
  });
  return await answer.text();
}
