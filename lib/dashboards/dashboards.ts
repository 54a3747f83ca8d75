import { Construct } from 'constructs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { MetricsStore } from '#lib/metrics/metrics-store.ts';
import type { Stage } from '#lib/stage/stage.ts';

export interface DashboardsProps {
  readonly stage: Stage;
  readonly metricsStore: MetricsStore;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** Managed Grafana, and the dashboards in it. */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, _props: DashboardsProps) {
    super(scope, id);
  }
}
