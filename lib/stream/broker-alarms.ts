import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { brokerMetric, clusterMetric } from './stream-metrics.ts';

const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
const { MAXIMUM } = cloudwatch.Stats;

/** Whether writing goes on while one broker is away. Where not, too few replicas is what each restart brings. */
export function outlivesABroker({ stream }: Pick<Stage, 'stream'>): boolean {
  return stream.minInsyncReplicas < stream.replicationFactor;
}

interface Watched {
  readonly stage: Stage;
  readonly clusterName: string;
  readonly alarms: AlarmTopic;
}

/** What brokers suffer from; how far readers are behind is watched where they are made. */
export function alarmOnBrokers(scope: Construct, { stage, clusterName, alarms }: Watched): void {
  const { brokers, brokerCount } = stage.stream;
  const alarm = (id: string, props: cloudwatch.AlarmProps) =>
    alarms.notify(new cloudwatch.Alarm(scope, id, props));

  alarm('NoController', {
    metric: clusterMetric(clusterName, 'ActiveControllerCount', MAXIMUM),
    threshold: 1,
    comparisonOperator: LESS_THAN_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    alarmDescription:
      'No broker has led the cluster for ten minutes, or none tells. Look at the state of the cluster in the MSK console and ' +
      'at the log of the brokers; AWS Health tells of faults of the zone.',
  });
  alarm('OfflinePartitions', {
    metric: clusterMetric(clusterName, 'OfflinePartitionsCount', MAXIMUM),
    threshold: 0,
    comparisonOperator: GREATER_THAN_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription:
      'Partitions have no leader: they can be neither written nor read. The exporter keeps 20,000 candles and fills the rest ' +
      'from REST afterwards. See which brokers are away in the MSK console; never elect an unclean leader.',
  });
  for (let broker = 1; broker <= brokerCount; broker += 1) {
    const metric = (name: string) => brokerMetric(clusterName, broker, name);
    if (outlivesABroker(stage)) {
      alarm(`UnderMinInsync${broker}`, {
        metric: metric('UnderMinIsrPartitionCount'),
        threshold: 0,
        comparisonOperator: GREATER_THAN_THRESHOLD,
        evaluationPeriods: 2,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        alarmDescription: `Partitions led by broker ${broker} have fewer replicas in sync than writing needs, so the exporter waits. More than one broker is away or behind: see their CPU and disk.`,
      });
    }
    alarm(`Cpu${broker}`, {
      metric: new cloudwatch.MathExpression({
        expression: 'user + system',
        usingMetrics: { user: metric('CpuUser'), system: metric('CpuSystem') },
        label: `CPU of broker ${broker}`,
        period: metric('CpuUser').period,
      }),
      threshold: 60,
      comparisonOperator: GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `Broker ${broker} has been busier than 60 % for a quarter of an hour, the most at which it can take over from another one. Look for a client that connects again and again; else take a larger type or more brokers in lib/stages.ts.`,
    });
    if (brokers.family === 'standard') alarm(`Disk${broker}`, diskAlarm(broker, metric));
    if (brokers.instanceType === 'kafka.t3.small') alarm(`CpuCredits${broker}`, creditsAlarm(broker, metric));
  }
}

type MetricOf = (name: string) => cloudwatch.Metric;

function diskAlarm(broker: number, metric: MetricOf): cloudwatch.AlarmProps {
  return {
    metric: metric('KafkaDataLogsDiskUsed'),
    threshold: 80,
    comparisonOperator: GREATER_THAN_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: `The volume of broker ${broker} is fuller than 80 %, though it should have grown at 60 %: it grows at most every six hours and five times in all. A broker that runs full stops. Lower retentionDays or raise storageGiB in lib/stages.ts.`,
  };
}

function creditsAlarm(broker: number, metric: MetricOf): cloudwatch.AlarmProps {
  return {
    metric: metric('CPUCreditBalance'),
    threshold: 30,
    comparisonOperator: LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: `Broker ${broker} has used up its CPU credits and is about to run at a fifth of its speed. kafka.t3.small is for little traffic: take kafka.m7g.large in lib/stages.ts.`,
  };
}
