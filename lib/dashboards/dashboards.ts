import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { MetricsStore } from '#lib/metrics/metrics-store.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { Provisioning } from './provisioning.ts';
import { Workspace } from './workspace.ts';

export interface DashboardsProps {
  readonly stage: Stage;
  readonly metricsStore: MetricsStore;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** Managed Grafana, and the dashboards in it. */
export class Dashboards extends Construct {
  /** Where people look. */
  readonly url: string;
  readonly workspaceId: string;

  constructor(scope: Construct, id: string, { stage, metricsStore, key, alarms }: DashboardsProps) {
    super(scope, id);
    const workspace = new Workspace(this, 'Workspace', { stage, metricsStore, alarms });
    new Provisioning(this, 'Provisioning', { stage, workspace, metricsStore, alarms, key });
    this.url = workspace.url;
    this.workspaceId = workspace.workspaceId;
  }
}
