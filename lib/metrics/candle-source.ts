import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CANDLE_TOPIC, METRICS_CONSUMER_GROUP } from '#domain/topics.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';

interface CandleSource {
  readonly fn: lambda.Function;
  readonly stage: Stage;
  readonly stream: Stream;
  /** Takes what the event source gives up. */
  readonly rejected: s3.IBucket;
}

/**
 * Brings the candle topic to the function, from its beginning on: what is written while the mapping is being made would be
 * skipped by any other start. Not CDK's ManagedKafkaEventSource, which attaches a managed policy that may write any log,
 * and a grant to delete from the bucket, and lacks what IAM authentication asks for.
 */
export function readCandles(scope: Construct, { fn, stage, stream, rejected }: CandleSource): void {
  const { batchSize, windowMilliseconds, pollers, retry } = stage.metrics.consumer;
  const { role } = fn;
  if (!role) throw new Error('expected a function with a role of its own, got an imported one');
  stream.grantConsume(role, METRICS_CONSUMER_GROUP, CANDLE_TOPIC);
  grantPolling(role, stream);
  const mapping = new lambda.EventSourceMapping(scope, 'Candles', {
    target: fn,
    eventSourceArn: stream.clusterArn,
    kafkaTopic: CANDLE_TOPIC,
    kafkaConsumerGroupId: METRICS_CONSUMER_GROUP,
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    batchSize,
    // Lambda's own window, which it takes for an invitation to provisioned mode when it is written out
    ...(windowMilliseconds !== DEFAULT_WINDOW_MS && {
      maxBatchingWindow: Duration.millis(windowMilliseconds),
    }),
    supportS3OnFailureDestination: true,
    onFailure: { bind: () => ({ destination: rejected.bucketArn }) },
    ...(pollers && {
      provisionedPollerConfig: { minimumPollers: pollers.minimum, maximumPollers: pollers.maximum },
      reportBatchItemFailures: true,
      ...(retry && {
        retryAttempts: retry.attempts,
        maxRecordAge: Duration.seconds(retry.maxAgeSeconds),
        bisectBatchOnError: retry.bisects,
      }),
    }),
  });
  // Lambda tries the role when the mapping is made.
  mapping.node.addDependency(role);
}

const DEFAULT_WINDOW_MS = 500;

/**
 * What Lambda does in the function's name beside reading: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 * The rights on network interfaces that are not here are those of any function in a VPC.
 */
function grantPolling(role: iam.IRole, { clusterArn }: Stream): void {
  role.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: [
        'kafka:DescribeCluster',
        'kafka:DescribeClusterV2',
        'kafka:GetBootstrapBrokers',
        'kafka-cluster:DescribeClusterDynamicConfiguration',
      ],
      resources: [clusterArn],
    }),
  );
  role.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: ['ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'],
      resources: ['*'],
    }),
  );
}
