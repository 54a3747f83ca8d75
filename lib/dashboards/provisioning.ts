import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ProvisioningProperties } from '#lambdas/grafana-provisioning/env.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { customResourceProvider } from '#lib/custom-resource-provider.ts';
import type { MetricsStore } from '#lib/metrics/metrics-store.ts';
import { nodeFunction } from '#lib/node-function.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { provisionedContent } from './provisioned-content.ts';
import type { Workspace } from './workspace.ts';

export interface ProvisioningProps {
  readonly stage: Stage;
  readonly workspace: Workspace;
  readonly metricsStore: MetricsStore;
  readonly alarms: AlarmTopic;
  readonly key: kms.IKey;
}

/** Data sources, dashboards and contact points in the workspace: put there at each deployment that changes one. */
export class Provisioning extends Construct {
  constructor(scope: Construct, id: string, props: ProvisioningProps) {
    super(scope, id);
    const { stage, workspace, metricsStore, alarms, key } = props;
    const onEvent = nodeFunction(this, 'Function', 'grafana-provisioning', { stage, key, timeout: TIMEOUT });
    workspace.grantAdministration(onEvent);
    const { dashboardUids, hash } = provisionedContent();
    const properties: ProvisioningProperties = {
      workspaceId: workspace.workspaceId,
      region: Stack.of(this).region,
      prometheusUrl: metricsStore.queryUrl,
      alarmTopicArn: alarms.topic.topicArn,
      dashboardUids,
      contentHash: hash,
    };
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::GrafanaProvisioning',
      serviceToken: customResourceProvider(this, 'Provider', { stage, key, onEvent }).serviceToken,
      properties,
    });
    // the right to lend a token has to come before the first event and go after the last
    resource.node.addDependency(onEvent.role ?? onEvent);
  }
}

/** Shorter than the token lives, so that it outlasts the run. A new workspace and the plugin take two of them. */
const TIMEOUT = Duration.minutes(8);
