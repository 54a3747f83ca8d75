import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { QualityExporterEnvironment } from '#lambdas/quality-exporter/env.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Network } from '#lib/network/network.ts';
import { nodeFunction } from '#lib/node-function.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Warehouse } from '#lib/warehouse/warehouse.ts';
import type { MetricsStore } from './metrics-store.ts';
import { metricsNamespace, ownMetric } from './own-metrics.ts';

export interface QualityExporterProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly warehouse: Warehouse;
  readonly metricsStore: MetricsStore;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** The function that writes what the warehouse knows about the data to the metrics; Airflow calls it after each build. */
export class QualityExporter extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: QualityExporterProps) {
    super(scope, id);
    const { stage, network, warehouse, metricsStore, key, alarms } = props;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The function that writes data quality to the metrics workspace',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Snowflake, and the APIs of AWS');
    const own: Omit<QualityExporterEnvironment, `SNOWFLAKE_${string}`> = {
      REMOTE_WRITE_URL: metricsStore.remoteWriteUrl,
      REMOTE_WRITE_AUTH: 'sigv4',
      METRICS_NAMESPACE: metricsNamespace(stage),
    };
    this.function = nodeFunction(this, 'Function', 'quality-exporter', {
      stage,
      key,
      description: 'Writes what the warehouse knows about the data to the metrics workspace',
      // a warehouse that sleeps takes some seconds to wake up, and the marts are read three times
      timeout: Duration.minutes(5),
      memorySize: 512,
      vpc: network.vpc,
      vpcSubnets: network.privateSubnets(),
      securityGroups: [securityGroup],
      environment: { ...warehouse.environmentOf('reader'), ...own },
    });
    warehouse.grantKey('reader', this.function);
    metricsStore.grantWrite(this.function);
    const problems = new cloudwatch.Alarm(this, 'Problems', {
      metric: ownMetric(stage, 'quality-exporter', 'Problems'),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      // one export of an hour may find a mart empty while it is being built
      evaluationPeriods: 12,
      datapointsToAlarm: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'What the warehouse knows about the data does not reach the metrics whole. See the last line of level error in the log ' +
        'of the quality exporter: it names the mart that is empty, or why samples were refused.',
    });
    alarms.notify(problems);
  }
}
