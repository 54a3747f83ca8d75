import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { alarmNameOf } from '#lib/alarm-topic.ts';
import { airflowMetric } from '#lib/batch/airflow-metrics.ts';
import type { AnalyticsStack } from '#lib/stacks/analytics-stack.ts';
import type { DashboardsStack } from '#lib/stacks/dashboards-stack.ts';
import type { DataStack } from '#lib/stacks/data-stack.ts';
import type { FoundationStack } from '#lib/stacks/foundation-stack.ts';
import type { LiveStack } from '#lib/stacks/live-stack.ts';
import type { KeyAge } from './key-age.ts';
import { query } from './part-row.ts';
import type { Graph, PartRow } from './part-row.ts';

export interface Watched {
  readonly foundation: FoundationStack;
  readonly data: DataStack;
  readonly live: LiveStack;
  readonly analytics: AnalyticsStack;
  readonly dashboards: DashboardsStack;
}

/** The parts of the picture in the order in which a candle passes through them. */
export function partRows(scope: Construct, watched: Watched, keyAge: KeyAge): readonly PartRow[] {
  const { foundation, data, live, analytics, dashboards } = watched;
  const alarms = (...constructs: readonly IConstruct[]) => alarmsBelow(scope, constructs);
  return [
    {
      title: 'Exporter',
      about: 'From the exchange to Kafka. Its own metrics are in Grafana: dashboard *Pipeline*.',
      alarms: alarms(live.exporter),
      graphs: exporterGraphs(live.exporter.cluster.clusterName),
    },
    {
      title: 'Kafka',
      about: 'Candles for days; every reader can read them again.',
      alarms: alarms(data.stream),
      graphs: kafkaGraphs(data.stream.clusterName),
    },
    {
      title: 'Consumer',
      about:
        'From Kafka to the metrics workspace. What it could not send lies in the bucket of rejected records.',
      alarms: alarms(live.consumer),
      graphs: functionGraphs(live.consumer.function),
    },
    {
      title: 'Metrics',
      about: 'The workspace behind Grafana, its rules and its Alertmanager.',
      alarms: alarms(data.metricsStore, dashboards),
      graphs: metricsGraphs(data.metricsStore.workspaceId),
    },
    {
      title: 'Warehouse',
      about:
        'From Kafka to Snowflake, by Kafka Connect. A task may run while each of its rows fails: look at the dead letters.',
      alarms: alarms(analytics.warehouse),
      graphs: connectGraphs(analytics.warehouse.connectorName, data.stream.clusterName),
    },
    {
      title: 'Batch',
      about:
        'Airflow, dbt, the archive loader and the quality exporter. mwaa/README.md says by task what to do.',
      alarms: alarms(analytics.batch, analytics.qualityExporter),
      graphs: batchGraphs(analytics.batch.environmentName, analytics.qualityExporter.function),
    },
    {
      title: 'Network and keys',
      about: 'Ways out, and by which keys the pipeline logs in.',
      alarms: alarms(foundation, keyAge),
      graphs: [{ title: 'Oldest key', unit: 'days', metrics: [keyAge.oldestKey] }],
    },
  ];
}

/** Named, not referred to: see AlarmTopic. */
function alarmsBelow(scope: Construct, constructs: readonly IConstruct[]): readonly cloudwatch.IAlarm[] {
  return constructs
    .flatMap(({ node }) => node.findAll())
    .filter((construct) => construct instanceof cloudwatch.Alarm)
    .map((alarm) => {
      const name = alarmNameOf(alarm);
      const arn = Stack.of(scope).formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName: name,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      return cloudwatch.Alarm.fromAlarmArn(scope, `Alarm-${name}`, arn);
    });
}

function exporterGraphs(clusterName: string): readonly Graph[] {
  const of = (metric: string) =>
    query(
      metric,
      `SELECT MAX("${metric}") FROM "AWS/ECS" WHERE "ClusterName" = '${clusterName}' GROUP BY "ServiceName"`,
    );
  return [
    { title: 'Exporter: CPU', unit: '%', metrics: [of('CPUUtilization')] },
    { title: 'Exporter: memory', unit: '%', metrics: [of('MemoryUtilization')] },
  ];
}

function kafkaGraphs(clusterName: string): readonly Graph[] {
  const of = (metric: string, by: string, group: string) =>
    query(
      metric,
      `SELECT ${by}("${metric}") FROM "AWS/Kafka" WHERE "Cluster Name" = '${clusterName}' GROUP BY "${group}"`,
    );
  return [
    { title: 'Kafka: records written', unit: 'a second', metrics: [of('MessagesInPerSec', 'SUM', 'Topic')] },
    {
      title: 'Kafka: readers behind',
      unit: 'records',
      metrics: [of('SumOffsetLag', 'MAX', 'Consumer Group')],
    },
    { title: 'Kafka: CPU', unit: '%', metrics: [of('CpuUser', 'MAX', 'Broker ID')] },
    { title: 'Kafka: disk', unit: '%', metrics: [of('KafkaDataLogsDiskUsed', 'MAX', 'Broker ID')] },
  ];
}

function functionGraphs(fn: lambda.IFunction): readonly Graph[] {
  return [
    {
      title: 'Calls',
      unit: 'in five minutes',
      metrics: [fn.metricInvocations(), fn.metricErrors(), fn.metricThrottles()],
    },
    { title: 'Duration', unit: 'ms', metrics: [fn.metricDuration({ statistic: 'p99' })] },
  ];
}

function metricsGraphs(workspaceId: string): readonly Graph[] {
  const usage = (metric: string) =>
    query(metric, `SELECT MAX("${metric}") FROM "AWS/Usage" WHERE "ResourceId" = '${workspaceId}'`);
  return [
    { title: 'Metrics: series', unit: 'series', metrics: [usage('ActiveSeries')] },
    { title: 'Metrics: samples written', unit: 'a second', metrics: [usage('IngestionRate')] },
    {
      title: 'Metrics: refused samples',
      unit: 'samples',
      metrics: [
        query(
          'refused',
          `SELECT SUM("DiscardedSamples") FROM "AWS/Prometheus" WHERE "Workspace" = '${workspaceId}' GROUP BY "reason"`,
        ),
      ],
    },
  ];
}

function connectGraphs(connectorName: string, clusterName: string): readonly Graph[] {
  const of = (metric: string) =>
    query(
      metric,
      `SELECT SUM("${metric}") FROM "AWS/KafkaConnect" WHERE "ConnectorName" = '${connectorName}'`,
    );
  return [
    { title: 'Connect: rows sent', unit: 'a second', metrics: [of('SinkRecordSendRate')] },
    { title: 'Connect: tasks', unit: 'tasks', metrics: [of('RunningTaskCount'), of('ErroredTaskCount')] },
    {
      title: 'Connect: behind',
      unit: 'records',
      metrics: [
        query(
          'behind',
          `SELECT MAX("SumOffsetLag") FROM "AWS/Kafka" WHERE "Cluster Name" = '${clusterName}' AND "Consumer Group" = 'connect-${connectorName}' GROUP BY "Topic"`,
        ),
      ],
    },
  ];
}

function batchGraphs(environmentName: string, qualityExporter: lambda.IFunction): readonly Graph[] {
  return [
    {
      title: 'Airflow: tasks',
      unit: 'tasks',
      metrics: ['RunningTasks', 'QueuedTasks'].map((name) =>
        airflowMetric(environmentName, name, { from: 'AWS/MWAA', by: 'MAX' }),
      ),
    },
    {
      title: 'Airflow: tries',
      unit: 'in five minutes',
      metrics: ['TaskInstanceSuccesses', 'TaskInstanceFailures'].map((name) =>
        airflowMetric(environmentName, name),
      ),
    },
    {
      title: 'Airflow: heartbeats of the scheduler',
      unit: 'in five minutes',
      metrics: [airflowMetric(environmentName, 'SchedulerHeartbeat')],
    },
    {
      title: 'Quality exporter',
      unit: 'in five minutes',
      metrics: [qualityExporter.metricInvocations(), qualityExporter.metricErrors()],
    },
  ];
}
