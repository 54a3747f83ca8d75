import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import type { ExporterEnvironment } from '#fargate/ohlc-exporter/env.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { PipelineImage } from '#lib/image/pipeline-image.ts';
import { MetricsForwarder } from '#lib/metrics/metrics-forwarder.ts';
import type { MetricsStore } from '#lib/metrics/metrics-store.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';
import { taskRoles, VARIABLES_ARE_NO_SECRETS } from '#lib/task-roles.ts';
import { alarmOnExporter } from './exporter-alarms.ts';
import { stageLog } from '#lib/stage-log.ts';

export interface ExporterProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly stream: Stream;
  readonly metricsStore: MetricsStore;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** The process that holds the exchange's WebSocket, as a service of one task, and beside it what sends its own metrics. */
export class Exporter extends Construct {
  /** Other tasks run here too. */
  readonly cluster: ecs.Cluster;
  readonly image: PipelineImage;
  readonly service: ecs.FargateService;

  constructor(scope: Construct, id: string, props: ExporterProps) {
    super(scope, id);
    const { stage, network, stream, metricsStore, key, alarms } = props;
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      // written out, as who may start tasks in it is a policy of another stack
      clusterName: `crypto-market-${stage.name}`,
      vpc: network.vpc,
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
    });
    this.image = new PipelineImage(this, 'Image', { stage, key });
    const logGroup = stageLog(this, 'Logs', { stage, key });
    const taskDefinition = this.#taskDefinition(props, logGroup);
    new MetricsForwarder(this, 'Forwarder', {
      stage,
      key,
      metricsStore,
      taskDefinition,
      image: this.image.image,
      command: ['node', 'fargate/metrics-forwarder/main.ts'],
    });
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The exporter',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'The exchange, and the APIs of AWS');
    securityGroup.addEgressRule(
      ec2.Peer.anyIpv4(),
      ec2.Port.tcp(9443),
      "The exchange's other port for streams",
    );
    securityGroup.connections.allowToDefaultPort(stream, 'Kafka');
    this.service = new ecs.FargateService(this, 'Service', {
      cluster: this.cluster,
      taskDefinition,
      desiredCount: 1,
      // the new task delivers before the old one goes: what both deliver is one candle downstream
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      vpcSubnets: network.privateSubnets(),
      securityGroups: [securityGroup],
      assignPublicIp: false,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    this.service.node.addDependency(...this.image.dependencies, taskDefinition.taskRole);
    alarmOnExporter(this, { stage, cluster: this.cluster, service: this.service, logGroup, alarms });
  }

  #taskDefinition({ stage, stream }: ExporterProps, logGroup: logs.ILogGroup): ecs.FargateTaskDefinition {
    const taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      cpu: stage.exporter.cpu,
      memoryLimitMiB: stage.exporter.memoryMiB,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      ...taskRoles(this),
    });
    const environment: ExporterEnvironment = {
      MSK_CLUSTER_ARN: stream.clusterArn,
      KAFKA_AUTH: 'iam',
      AWS_REGION: Stack.of(this).region,
      SYMBOLS: stage.exporter.symbols,
    };
    taskDefinition.addContainer('ohlc-exporter', {
      // its own command is the exporter, started as everywhere
      image: this.image.image,
      environment: { ...environment },
      readonlyRootFilesystem: true,
      privileged: false,
      // longer than the exporter gives itself to have the last candles acknowledged
      stopTimeout: STOP_TIMEOUT,
      healthCheck: {
        command: ['CMD', 'node', '-e', ASK_FOR_HEALTH],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        retries: 3,
        // asks MSK for brokers, reads the topic's end, and answers
        startPeriod: Duration.seconds(120),
      },
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'ohlc-exporter', logGroup }),
    });
    Validations.of(taskDefinition).acknowledge(VARIABLES_ARE_NO_SECRETS);
    stream.grantPublish(taskDefinition.taskRole, CANDLE_TOPIC, DEAD_LETTER_TOPIC);
    stream.grantWatch(taskDefinition.taskRole, CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC);
    return taskDefinition;
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html: 120 s at most on Fargate */
const STOP_TIMEOUT = Duration.seconds(60);

/** Its process answers; whether candles come is for the alerts, since a new task would not bring the exchange back. */
const ASK_FOR_HEALTH =
  "fetch('http://127.0.0.1:9464/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))";
