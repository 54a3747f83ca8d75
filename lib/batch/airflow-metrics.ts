import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

const PERIOD = Duration.minutes(5);

/**
 * What an environment tells of itself, over whatever further dimensions: AmazonMWAA has Airflow's own numbers, AWS/MWAA
 * those of what it runs on. https://docs.aws.amazon.com/mwaa/latest/userguide/access-metrics-cw.html
 */
export function airflowMetric(
  environmentName: string,
  metricName: string,
  {
    from = 'AmazonMWAA',
    by = 'SUM',
  }: { readonly from?: 'AmazonMWAA' | 'AWS/MWAA'; readonly by?: 'SUM' | 'MAX' } = {},
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `SELECT ${by}("${metricName}") FROM "${from}" WHERE "Environment" = '${environmentName}'`,
    usingMetrics: {},
    period: PERIOD,
    label: metricName,
  });
}
