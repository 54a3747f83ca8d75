import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { airflowMetric } from './airflow-metrics.ts';

const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
const { BREACHING, NOT_BREACHING } = cloudwatch.TreatMissingData;

/**
 * What Airflow can't say itself; of a task that failed for good, it tells the topic with the reason. Thresholds as MWAA
 * recommends them: https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-dashboard.html
 */
export function alarmOnAirflow(scope: Construct, environmentName: string, alarms: AlarmTopic): void {
  const alarm = (id: string, props: cloudwatch.AlarmProps) =>
    alarms.notify(new cloudwatch.Alarm(scope, id, props));

  alarm('SchedulerSilent', {
    metric: airflowMetric(environmentName, 'SchedulerHeartbeat'),
    threshold: 1,
    comparisonOperator: LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: BREACHING,
    alarmDescription:
      "Airflow's scheduler has been silent for a quarter of an hour: nothing is built, loaded or healed. See the environment's " +
      'state in the MWAA console, whether an update is under way, and its log group Scheduler.',
  });
  alarm('TasksWaiting', {
    metric: airflowMetric(environmentName, 'ApproximateAgeOfOldestTask', { from: 'AWS/MWAA', by: 'MAX' }),
    threshold: 1800,
    comparisonOperator: GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: NOT_BREACHING,
    alarmDescription:
      'A task has waited for a worker for half an hour. See what runs on the page of Airflow, and the log group Worker, where ' +
      'startup.sh says why a worker does not start; else allow more workers or a larger class in lib/stages.ts.',
  });
  alarm('TriesFailing', {
    metric: airflowMetric(environmentName, 'TaskInstanceFailures'),
    // each task is tried four times before Airflow tells
    threshold: 3,
    comparisonOperator: GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: NOT_BREACHING,
    alarmDescription:
      'Tries of tasks fail one after the other, for a quarter of an hour. See the failed tasks on the page of Airflow; ' +
      'mwaa/README.md says by task what to do.',
  });
  alarm('DagsBroken', {
    metric: airflowMetric(environmentName, 'ImportErrors', { by: 'MAX' }),
    threshold: 0,
    comparisonOperator: GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: NOT_BREACHING,
    alarmDescription:
      'Airflow can not read a file of DAGs, so its schedule stands still. The page of Airflow shows the error; deploy a tree ' +
      'in which it is mended.',
  });
}
