import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { CANDLE_TOPIC, METRICS_CONSUMER_GROUP } from '#domain/topics.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';
import { ownMetric } from './own-metrics.ts';

const PERIOD = Duration.minutes(5);

interface Watched {
  readonly fn: lambda.Function;
  readonly stage: Stage;
  readonly stream: Stream;
  readonly alarms: AlarmTopic;
}

/**
 * What the function and its event source can suffer from, each once. What the exporter writes to the dead-letter topic is
 * alarmed of by its own counter, in grafana/rules: MSK tells the records of a topic for money only, by topic and broker.
 */
export function alarmOnConsumer(scope: Construct, { fn, stage, stream, alarms }: Watched): void {
  const own = (name: string, more?: Readonly<Record<string, string>>) =>
    ownMetric(stage, 'prometheus-consumer', name, more);
  const alarm = (id: string, metric: cloudwatch.IMetric, more: Partial<cloudwatch.AlarmProps> & Described) =>
    alarms.notify(
      new cloudwatch.Alarm(scope, id, {
        metric,
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        ...more,
      }),
    );

  alarm('Errors', fn.metricErrors({ period: PERIOD }), {
    alarmDescription:
      'The consumer failed and its batch is delivered again. See its log for the last line of level error: the metrics ' +
      'workspace may be away, or the bucket of rejected records.',
  });
  alarm('Throttles', fn.metricThrottles({ period: PERIOD }), {
    evaluationPeriods: 2,
    alarmDescription:
      'The consumer is refused calls, and its partitions wait. Raise its reserved concurrency to the number of partitions.',
  });
  alarm('Silent', fn.metricInvocations({ period: PERIOD }), {
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    alarmDescription:
      'The consumer was not called for a quarter of an hour. See whether the exporter publishes, then the state of the event ' +
      'source mapping (LastProcessingResult).',
  });
  alarm('Lag', groupLag(stream), {
    threshold: 300,
    evaluationPeriods: 3,
    alarmDescription:
      'The consumer is minutes behind the candle topic; after an hour candles are too old for the metrics workspace. See its ' +
      'duration, errors and throttles.',
  });
  alarm('KeptAside', own('KeptAside'), {
    alarmDescription:
      'Records were kept aside in the bucket of rejected records: no candles, or refused by the metrics workspace. Each ' +
      'document there says why.',
  });
  alarm('NotKeptAside', own('NotKeptAside'), {
    alarmDescription:
      'Records could not even be kept aside and are delivered again. See the access of the consumer to the bucket of ' +
      'rejected records and its key.',
  });
  alarm('FutureCandles', own('CandlesDropped', { reason: 'future' }), {
    alarmDescription:
      'Candles closed in the future of this clock and are not in the metrics. See the clock of the exporter: ' +
      'crypto_exporter_clock_offset_seconds.',
  });
}

interface Described {
  readonly alarmDescription: string;
}

/** Seconds, as MSK estimates them from the offsets that the group commits. */
function groupLag({ clusterName }: Stream): cloudwatch.IMetric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Kafka',
    metricName: 'EstimatedMaxTimeLag',
    dimensionsMap: {
      'Cluster Name': clusterName,
      'Consumer Group': METRICS_CONSUMER_GROUP,
      Topic: CANDLE_TOPIC,
    },
    statistic: cloudwatch.Stats.MAXIMUM,
    period: PERIOD,
  });
}
