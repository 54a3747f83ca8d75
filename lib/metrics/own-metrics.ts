import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Stage } from '#lib/stage/stage.ts';

/** CloudWatch's namespace of what the functions of one deployment count, as their variable METRICS_NAMESPACE. */
export function metricsNamespace(stage: Stage): string {
  return `crypto-market-${stage.name}`;
}

/** A sum of five minutes that a function printed as an embedded metric; `service` is its folder below `lambdas/`. */
export function ownMetric(
  stage: Stage,
  service: 'prometheus-consumer' | 'quality-exporter',
  metricName: string,
  more: Readonly<Record<string, string>> = {},
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: metricsNamespace(stage),
    metricName,
    dimensionsMap: { service, ...more },
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
  });
}
