import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';

interface StoreAlarm {
  readonly id: string;
  readonly metric: string;
  /** Of five minutes each, one after the other. */
  readonly periods: number;
  readonly description: string;
}

const STORE_ALARMS: readonly StoreAlarm[] = [
  {
    id: 'SamplesDiscarded',
    metric: 'DiscardedSamples',
    // a batch that was delivered twice is refused once, which is as it should be
    periods: 3,
    description:
      'The metrics workspace refuses samples for a quarter of an hour. See the dimension reason of DiscardedSamples, then what ' +
      'the consumer kept aside in the bucket of rejected records.',
  },
  {
    id: 'RulesFailing',
    metric: 'RuleEvaluationFailures',
    periods: 2,
    description:
      'Rules of the metrics workspace fail, so their alerts keep quiet. See the log group metrics-rules.',
  },
  {
    id: 'RulesLate',
    metric: 'RuleGroupIterationsMissed',
    periods: 2,
    description:
      'A group of rules takes longer than its interval. See the log group metrics-rules and make its queries cheaper.',
  },
  {
    id: 'NotificationsFailing',
    metric: 'AlertManagerNotificationsFailed',
    periods: 1,
    description:
      'Alerts do not reach the alarm topic. See the log group metrics-rules, then the policies of the topic and of its key.',
  },
];

/** What Amazon says of a workspace: https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-CW-usage-metrics.html */
export function alarmOnStore(scope: Construct, workspaceId: string, alarms: AlarmTopic): void {
  for (const { id, metric, periods, description } of STORE_ALARMS) {
    const alarm = new cloudwatch.Alarm(scope, id, {
      metric: ofWorkspace(metric, workspaceId),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      // a metric that never had a value is a workspace without trouble
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: description,
    });
    alarms.notify(alarm);
  }
}

/** Over all further dimensions, such as the reason or the group of rules, which an alarm on a metric would have to name. */
function ofWorkspace(metric: string, workspaceId: string): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    expression: `SELECT SUM("${metric}") FROM "AWS/Prometheus" WHERE "Workspace" = '${workspaceId}'`,
    usingMetrics: {},
    period: Duration.minutes(5),
    label: metric,
  });
}
