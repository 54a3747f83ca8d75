import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ConsumerEnvironment } from '#lambdas/prometheus-consumer/env.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Network } from '#lib/network/network.ts';
import { nodeFunction } from '#lib/node-function.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';
import { readCandles } from './candle-source.ts';
import { alarmOnConsumer } from './consumer-alarms.ts';
import { grantKeepAside } from './grant-keep-aside.ts';
import type { MetricsStore } from './metrics-store.ts';
import { metricsNamespace } from './own-metrics.ts';

export interface ConsumerProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly stream: Stream;
  readonly metricsStore: MetricsStore;
  /** Where records are kept that are no candles, or that the store refuses. */
  readonly rejected: s3.IBucket;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** The function that turns candles into metrics, and what brings them to it. */
export class Consumer extends Construct implements ec2.IConnectable {
  readonly function: lambda.Function;
  readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    const { stage, network, stream, metricsStore, rejected, key, alarms } = props;
    const { memoryMiB, timeoutSeconds, reservedConcurrency, pollers } = stage.metrics.consumer;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The function that writes candles to the metrics workspace',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'The APIs of AWS');
    this.connections = securityGroup.connections;
    const environment: ConsumerEnvironment = {
      REMOTE_WRITE_URL: metricsStore.remoteWriteUrl,
      REMOTE_WRITE_AUTH: 'sigv4',
      REJECTED_BUCKET: rejected.bucketName,
      // only an event source with pollers of its own reads the answer
      HAND_BACK_BY: pollers === undefined ? 'error' : 'answer',
      METRICS_NAMESPACE: metricsNamespace(stage),
    };
    this.function = nodeFunction(this, 'Function', 'prometheus-consumer', {
      stage,
      key,
      description: 'Writes closed candles from Kafka to the metrics workspace',
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMiB,
      reservedConcurrentExecutions: reservedConcurrency,
      vpc: network.vpc,
      vpcSubnets: network.privateSubnets(),
      securityGroups: [securityGroup],
      environment,
    });
    metricsStore.grantWrite(this.function);
    grantKeepAside(this.function, rejected);
    readCandles(this, { fn: this.function, stage, stream, rejected });
    alarmOnConsumer(this, { fn: this.function, stage, stream, alarms });
  }
}
