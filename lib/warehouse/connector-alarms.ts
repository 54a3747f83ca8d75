import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { CANDLE_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { metricsNamespace } from '#lib/metrics/own-metrics.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { symbolCount } from '#lib/stage/symbols.ts';
import type { Stream } from '#lib/stream/stream.ts';
import type { Connector } from './connector.ts';

const PERIOD = Duration.minutes(5);

/** What may not have landed for so long. */
const MOST_MINUTES_BEHIND = 15;

interface Watched {
  readonly connector: Connector;
  readonly stage: Stage;
  readonly stream: Stream;
  readonly alarms: AlarmTopic;
}

/** What the sink can suffer from, each once. */
export function alarmOnConnector(scope: Construct, { connector, stage, stream, alarms }: Watched): void {
  const alarm = (id: string, props: Partial<cloudwatch.AlarmProps> & Described) =>
    alarms.notify(
      new cloudwatch.Alarm(scope, id, {
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 3,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        ...props,
      }),
    );
  const tasks = (metricName: string, statistic: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/KafkaConnect',
      metricName,
      dimensionsMap: { ConnectorName: connector.name },
      statistic,
      period: PERIOD,
    });

  alarm('TasksFailed', {
    metric: tasks('ErroredTaskCount', cloudwatch.Stats.MAXIMUM),
    alarmDescription:
      "A task of the sink to Snowflake has failed, and its partitions stand still. See the connector's log for the last " +
      'ERROR: a key or role that Snowflake refuses, or a table that is gone. A connector that is made anew starts its tasks.',
  });
  alarm('TasksMissing', {
    metric: tasks('RunningTaskCount', cloudwatch.Stats.MINIMUM),
    threshold: fewestTasks(stage),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    alarmDescription:
      'Fewer tasks of the sink to Snowflake are running than it was made with. See the state of the connector in MSK ' +
      'Connect, then its log.',
  });
  alarm('DeadLetters', {
    metric: deadLetters(scope, connector, stage),
    evaluationPeriods: 1,
    alarmDescription:
      `The sink gave records up and wrote them to ${SINK_DEAD_LETTER_TOPIC}; its tasks run all the same. Read that topic: the ` +
      'headers of a record tell its place and the reason.',
  });
  alarm('Behind', {
    metric: stream.lagMetric(`connect-${connector.name}`, CANDLE_TOPIC),
    threshold: MOST_MINUTES_BEHIND * symbolCount(stage.exporter.symbols),
    alarmDescription:
      `The sink to Snowflake is some ${MOST_MINUTES_BEHIND} minutes of candles behind, or more. One that was just made catches ` +
      'up by itself; else see its log, and whether Snowflake is there. What retention deletes before it lands has to be loaded ' +
      'from the archive.',
  });
}

interface Described {
  readonly metric: cloudwatch.IMetric;
  readonly alarmDescription: string;
}

/** With the fewest workers: two for each of their units, as MSK Connect makes them, or as many as were asked for. */
function fewestTasks({ warehouse }: Stage): number {
  const { mcu, minimumWorkers, maximumWorkers } = warehouse.capacity;
  if (minimumWorkers === maximumWorkers) return warehouse.tasks;
  return Math.min(warehouse.tasks, 2 * mcu * minimumWorkers);
}

/**
 * Counted in the log, where `errors.log.enable` has a line for each: brokers tell messages by topic only at a level of
 * monitoring that costs.
 */
function deadLetters(scope: Construct, { logGroup }: Connector, stage: Stage): cloudwatch.Metric {
  return new logs.MetricFilter(scope, 'DeadLetterLines', {
    logGroup,
    filterPattern: logs.FilterPattern.literal('"Error encountered in task"'),
    metricNamespace: metricsNamespace(stage),
    metricName: 'SinkDeadLetters',
  }).metric({ statistic: cloudwatch.Stats.SUM, period: PERIOD });
}
