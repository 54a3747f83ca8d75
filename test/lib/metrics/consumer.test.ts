import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import { resourcesLike } from './resources-like.ts';

const MAPPING = 'AWS::Lambda::EventSourceMapping';
const CONSUMER = { Description: Match.stringLikeRegexp('candles from Kafka') };

describe.each(STAGE_NAMES)('in %s', (stage) => {
  const live = () => synthesize(stage).template('live');

  test('the candle topic is read from its beginning, in a group whose name stays', () => {
    expect(
      resourcesLike(live(), MAPPING, {
        Topics: ['candles-1m'],
        StartingPosition: 'TRIM_HORIZON',
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'prometheus-consumer' },
        DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      }),
    ).toHaveLength(1);
    live().resourceCountIs(MAPPING, 1);
  });

  test('the mapping is made once the role may do what Lambda tries it with', () => {
    const [mapping] = Object.values(live().findResources(MAPPING));
    const policies = Object.keys(
      live().findResources('AWS::IAM::Policy', {
        Properties: { PolicyName: Match.stringLikeRegexp('Consumer') },
      }),
    );
    expect(policies).not.toEqual([]);
    expect(mapping?.['DependsOn']).toEqual(expect.arrayContaining(policies));
  });

  test('the function ends before Lambda ends it for MSK, and leaves time for what was refused last', () => {
    const { timeoutSeconds } = synthesize(stage).stage.metrics.consumer;
    expect(
      resourcesLike(live(), 'AWS::Lambda::Function', { ...CONSUMER, Timeout: timeoutSeconds }),
    ).toHaveLength(1);
    expect(timeoutSeconds).toBeLessThan(14 * 60);
    // 10 s of an attempt to send, 8 s to keep aside, 4 s to answer: lambdas/prometheus-consumer/handler.ts
    expect(timeoutSeconds).toBeGreaterThan(10 + 8 + 4);
  });

  test('it may read its topic, write metrics, and add to the rejected records: neither read them nor delete any', () => {
    const actions = allowedTo(stage, 'Consumer');
    expect(actions).toEqual(
      expect.arrayContaining([
        'aps:RemoteWrite',
        'kafka-cluster:AlterGroup',
        'kafka-cluster:Connect',
        'kafka-cluster:DescribeClusterDynamicConfiguration',
        'kafka-cluster:DescribeGroup',
        'kafka-cluster:DescribeTopic',
        'kafka-cluster:ReadData',
        'kafka:GetBootstrapBrokers',
        's3:PutObject',
      ]),
    );
    const ofBuckets = actions.filter((action) => action.startsWith('s3:'));
    expect(ofBuckets.toSorted()).toEqual(['s3:ListBucket', 's3:PutObject']);
    expect(
      actions.filter((action) => /^(aps|kafka-cluster):(Write|Delete|Create|Query)/.test(action)),
    ).toEqual([]);
    expect(actions).not.toContain('logs:CreateLogGroup');
  });

  test('each of its alarms says what to look at', () => {
    const alarms = Object.values(
      live().findResources('AWS::CloudWatch::Alarm', {
        Properties: { AlarmDescription: Match.stringLikeRegexp('onsumer|andle|ecords') },
      }),
    );
    expect(alarms.length).toBeGreaterThanOrEqual(7);
    for (const { Properties } of alarms as { Properties: Record<string, unknown> }[]) {
      expect(Properties['AlarmDescription']).toMatch(/See |Raise |Each /);
      expect(Properties['AlarmActions']).toHaveLength(1);
      expect(Properties['OKActions']).toHaveLength(1);
    }
  });
});

test('without pollers of its own, no setting is sent that only they obey, and a batch is handed back by an error', () => {
  const live = synthesize('dev').template('live');
  expect(
    resourcesLike(live, MAPPING, {
      FunctionResponseTypes: Match.absent(),
      BisectBatchOnFunctionError: Match.absent(),
      MaximumRetryAttempts: Match.absent(),
      MaximumRecordAgeInSeconds: Match.absent(),
      ProvisionedPollerConfig: Match.absent(),
      MaximumBatchingWindowInSeconds: Match.absent(),
    }),
  ).toHaveLength(1);
  expect(
    resourcesLike(live, 'AWS::Lambda::Function', {
      ...CONSUMER,
      Environment: { Variables: Match.objectLike({ HAND_BACK_BY: 'error' }) },
    }),
  ).toHaveLength(1);
});

test('with pollers of its own, a batch is handed back from its first failure on, and given up when the store would refuse it', () => {
  const prod = synthesize('prod');
  const live = prod.template('live');
  const { pollers, retry } = prod.stage.metrics.consumer;
  expect(retry?.maxAgeSeconds).toBeLessThanOrEqual(3600);
  expect(
    resourcesLike(live, MAPPING, {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ProvisionedPollerConfig: { MinimumPollers: pollers?.minimum, MaximumPollers: pollers?.maximum },
      MaximumRecordAgeInSeconds: retry?.maxAgeSeconds,
    }),
  ).toHaveLength(1);
  expect(
    resourcesLike(live, 'AWS::Lambda::Function', {
      ...CONSUMER,
      Environment: { Variables: Match.objectLike({ HAND_BACK_BY: 'answer' }) },
    }),
  ).toHaveLength(1);
});

const policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({
      Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]) })),
    }),
  }),
});

/** All actions that the policies of one construct's role name. */
function allowedTo(stage: (typeof STAGE_NAMES)[number], construct: string): readonly string[] {
  const policies = synthesize(stage)
    .template('live')
    .findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp(`^${construct}`) },
    });
  return Object.values(policies).flatMap((one) =>
    policy.parse(one).Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action),
  );
}
