import { Construct } from 'constructs';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { MetricsStore } from '#lib/metrics/metrics-store.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Warehouse } from '#lib/warehouse/warehouse.ts';

export interface BatchProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly warehouse: Warehouse;
  readonly metricsStore: MetricsStore;
  /** Where the archive loader's task runs. */
  readonly cluster: ecs.ICluster;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** Airflow, what it runs, and what it is allowed. */
export class Batch extends Construct {
  constructor(scope: Construct, id: string, _props: BatchProps) {
    super(scope, id);
  }
}
