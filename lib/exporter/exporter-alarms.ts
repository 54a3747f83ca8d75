import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { metricsNamespace } from '#lib/metrics/own-metrics.ts';
import type { Stage } from '#lib/stage/stage.ts';

interface ExporterAlarms {
  readonly stage: Stage;
  readonly cluster: ecs.Cluster;
  readonly service: ecs.FargateService;
  readonly logGroup: logs.ILogGroup;
  readonly alarms: AlarmTopic;
}

export function alarmOnExporter(scope: Construct, watched: ExporterAlarms): void {
  const { cluster, service, alarms } = watched;
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
  alarmOnLog(scope, watched);
}

/** A deployment starts one, and one that is taken back a second. */
const STARTS_OF_A_DEPLOYMENT = 2;

/**
 * From its log: ECS has no count of restarts that also knows those by memory and by health, and a task that starts anew
 * each minute is a running one whenever it is looked at.
 */
function alarmOnLog(scope: Construct, { stage, logGroup, alarms }: ExporterAlarms): void {
  const countOf = (metricName: string, filterPattern: logs.IFilterPattern, period: Duration) =>
    new logs.MetricFilter(scope, metricName, {
      logGroup,
      filterPattern,
      metricNamespace: metricsNamespace(stage),
      metricName,
    }).metric({ statistic: cloudwatch.Stats.SUM, period });
  const alarm = (
    id: string,
    props: Pick<cloudwatch.AlarmProps, 'metric' | 'threshold' | 'alarmDescription'>,
  ) =>
    alarms.notify(
      new cloudwatch.Alarm(scope, id, {
        ...props,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
    );
  alarm('Restarting', {
    alarmDescription:
      'The exporter has started more often within 15 minutes than a deployment explains. See why its tasks stopped: the ' +
      "service's stopped tasks tell for an hour (memory, health, exit code), and the log ends with the program's own reason.",
    metric: countOf(
      'ExporterStarts',
      logs.FilterPattern.stringValue('$.event', '=', 'listening'),
      Duration.minutes(15),
    ),
    threshold: STARTS_OF_A_DEPLOYMENT,
  });
  alarm('ErrorLogged', {
    alarmDescription:
      'The exporter logged an error: it ended (failed), has too many candles waiting for Kafka (intake-paused), was refused a ' +
      'subscription, or lost dead letters. See the line with level ERROR in its log, which names the reason.',
    metric: countOf(
      'ExporterErrors',
      logs.FilterPattern.stringValue('$.level', '=', 'ERROR'),
      Duration.minutes(5),
    ),
    threshold: 0,
  });
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
