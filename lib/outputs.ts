import { CfnOutput } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { AnalyticsStack } from './stacks/analytics-stack.ts';
import type { DashboardsStack } from './stacks/dashboards-stack.ts';
import type { DataStack } from './stacks/data-stack.ts';
import type { FoundationStack } from './stacks/foundation-stack.ts';
import type { LiveStack } from './stacks/live-stack.ts';
import type { OperationsStack } from './stacks/operations-stack.ts';

export interface Stacks {
  readonly foundation: FoundationStack;
  readonly data: DataStack;
  readonly live: LiveStack;
  readonly analytics: AnalyticsStack;
  readonly dashboards: DashboardsStack;
  readonly operations: OperationsStack;
}

/** What a deployment says at its end, by the names that README.md lists. */
export function addOutputs(stacks: Stacks): void {
  const { foundation, data, live, analytics, dashboards, operations } = stacks;
  output(foundation, 'VpcId', foundation.network.vpc.vpcId, 'The network of everything');
  output(foundation, 'AlarmTopicArn', foundation.alarms.topic.topicArn, 'Where alarms go: subscribe to it');
  output(data, 'KafkaCluster', data.stream.clusterName, 'The Kafka cluster');
  output(data, 'KafkaBrokers', data.stream.bootstrapServers, 'Its brokers, for clients that log in by IAM');
  output(
    data,
    'MetricsUrl',
    data.metricsStore.queryUrl,
    'The metrics workspace, for a data source of Grafana',
  );
  output(data, 'RejectedBucket', data.rejected.bucketName, 'Records that could be neither read nor stored');
  output(
    live,
    'ExporterCluster',
    live.exporter.cluster.clusterName,
    'ECS cluster of exporter and archive loader',
  );
  output(
    live,
    'ConsumerFunction',
    live.consumer.function.functionName,
    'Writes candles to the metrics workspace',
  );
  output(
    analytics,
    'AirflowUrl',
    analytics.batch.webUrl,
    "Airflow's page; whoever opens it needs airflow:CreateWebLoginToken",
  );
  output(analytics, 'AirflowBucket', analytics.batch.bucketName, "What Airflow runs, and dbt's artifacts");
  output(
    analytics,
    'QualityExporterFunction',
    analytics.qualityExporter.function.functionName,
    'Writes what the warehouse knows about the data to the metrics workspace',
  );
  output(dashboards, 'GrafanaUrl', dashboards.dashboards.url, 'Grafana: the dashboards');
  output(
    dashboards,
    'GrafanaWorkspaceId',
    dashboards.dashboards.workspaceId,
    'Of Grafana: with Identity Center, people and groups are assigned to it by hand',
  );
  output(
    operations,
    'DashboardUrl',
    operations.dashboardUrl,
    'What to look at first: each part with its alarms',
  );
}

function output(stack: Stack, id: string, value: string, description: string): void {
  new CfnOutput(stack, id, { value, description });
}
