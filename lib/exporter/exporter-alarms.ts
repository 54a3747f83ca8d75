import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';

interface ExporterAlarms {
  readonly cluster: ecs.Cluster;
  readonly service: ecs.FargateService;
  readonly alarms: AlarmTopic;
}

export function alarmOnExporter(scope: Construct, { cluster, service, alarms }: ExporterAlarms): void {
  alarms.notify(
    new cloudwatch.Alarm(scope, 'NotRunning', {
      alarmDescription:
        "No task of the exporter runs. See the service's events and the log of its last task; no minute is lost within the lookback, since the next task fills the hole.",
      metric: runningTasks(cluster, service),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    }),
  );
  alarms.notify(
    new cloudwatch.Alarm(scope, 'MemoryNearlyUsed', {
      alarmDescription:
        'The exporter uses more than 85 % of its memory. See whether Kafka is away, for which candles wait, or raise exporter.memoryMiB in lib/stages.ts.',
      metric: service.metricMemoryUtilization({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: 85,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 5,
      // silence is another alarm's: no task runs
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }),
  );
  alarms.notify(
    new cloudwatch.Alarm(scope, 'CpuNearlyUsed', {
      alarmDescription:
        'The exporter uses more than 85 % of its CPU for 10 minutes, and candles come late. Raise exporter.cpu or watch fewer symbols in lib/stages.ts.',
      metric: service.metricCpuUtilization({ period: Duration.minutes(1) }),
      threshold: 85,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 10,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }),
  );
}

/** Of Container Insights. */
function runningTasks(cluster: ecs.Cluster, service: ecs.FargateService): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'ECS/ContainerInsights',
    metricName: 'RunningTaskCount',
    dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: service.serviceName },
    statistic: 'Minimum',
    period: Duration.minutes(1),
  });
}
