import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

const PERIOD = Duration.minutes(5);

export function clusterMetric(clusterName: string, metricName: string, statistic: string): cloudwatch.Metric {
  return metric(metricName, statistic, { 'Cluster Name': clusterName });
}

/** @param broker counted from 1 */
export function brokerMetric(clusterName: string, broker: number, metricName: string): cloudwatch.Metric {
  return metric(metricName, cloudwatch.Stats.MAXIMUM, {
    'Cluster Name': clusterName,
    'Broker ID': String(broker),
  });
}

export function lagMetric(clusterName: string, group: string, topic: string): cloudwatch.Metric {
  return metric('SumOffsetLag', cloudwatch.Stats.MAXIMUM, {
    'Cluster Name': clusterName,
    'Consumer Group': group,
    Topic: topic,
  });
}

function metric(
  metricName: string,
  statistic: string,
  dimensionsMap: Readonly<Record<string, string>>,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Kafka',
    metricName,
    statistic,
    period: PERIOD,
    dimensionsMap,
  });
}
