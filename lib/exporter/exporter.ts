import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { MetricsStore } from '#lib/metrics/metrics-store.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';

export interface ExporterProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly stream: Stream;
  readonly metricsStore: MetricsStore;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** The process that holds the exchange's WebSocket, as a service. */
export class Exporter extends Construct {
  readonly cluster: ecs.Cluster;

  constructor(scope: Construct, id: string, { network }: ExporterProps) {
    super(scope, id);
    this.cluster = new ecs.Cluster(this, 'Cluster', { vpc: network.vpc as ec2.IVpc });
  }
}
