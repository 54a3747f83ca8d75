import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as connect from 'aws-cdk-lib/aws-kafkaconnect';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { IDependable } from 'constructs';
import { candleSinkConfig, SINK_NAME_PREFIX } from '#connectors/candle-sink.ts';
import { CANDLE_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';
import { ConnectorPlugin } from './connector-plugin.ts';
import { LANDING, SERVICE_USERS } from './service-user.ts';
import { secretReference, WORKER_SETTINGS } from './worker-settings.ts';
import { stageLog } from '#lib/stage-log.ts';

export interface ConnectorProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly stream: Stream;
  readonly key: kms.IKey;
  /** Of the candle topic. */
  readonly epoch: string;
  /** Of the loader's private key. */
  readonly secretArn: string;
  /** What it would fail without when it starts. */
  readonly after: IDependable;
}

/**
 * The sink of candles, in MSK Connect. Whatever changes but its capacity makes another connector, which needs another name:
 * that has the epoch, and a hash of all the rest. Another name is another consumer group, which reads the topic from its
 * beginning; what had landed is skipped by the offsets that Snowflake keeps for each partition, so no row lands twice.
 */
export class Connector extends Construct {
  readonly name: string;
  readonly role: iam.Role;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ConnectorProps) {
    super(scope, id);
    const { stage, network, stream, key, epoch } = props;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The workers that land candles in Snowflake',
      allowAllOutbound: false,
    });
    securityGroup.connections.allowToDefaultPort(stream, 'Workers of MSK Connect to brokers');
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Snowflake, and the APIs of AWS');
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80), 'Whether certificates were revoked');
    this.logGroup = stageLog(this, 'Logs', {
      stage,
      key,
      // the beginning of the name spares the account's policy of log deliveries, which has room for few
      logGroupName: `/aws/vendedlogs/crypto-market-${stage.name}/connect`,
    });
    this.role = this.#executionRole();
    stream.grantSinkConnector(this.role, {
      connectorName: SINK_NAME_PREFIX,
      from: CANDLE_TOPIC,
      deadLetters: SINK_DEAD_LETTER_TOPIC,
    });
    const plugin = new ConnectorPlugin(this, 'Plugin', { stage });
    const worker = new connect.CfnWorkerConfiguration(this, 'Worker', {
      name: `crypto-market-${stage.name}-${shortHash(WORKER_SETTINGS)}`,
      description: 'How a connector gets its secrets',
      propertiesFileContent: Buffer.from(WORKER_SETTINGS).toString('base64'),
    });
    const settled = {
      kafkaConnectVersion: stage.warehouse.connectVersion,
      connectorConfiguration: configuration(props, Stack.of(this).region),
      kafkaCluster: {
        apacheKafkaCluster: {
          bootstrapServers: stream.bootstrapServers,
          vpc: {
            subnets: network.vpc.selectSubnets(network.privateSubnets()).subnetIds,
            securityGroups: [securityGroup.securityGroupId],
          },
        },
      },
      kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
      kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
      serviceExecutionRoleArn: this.role.roleArn,
      plugins: [{ customPlugin: { customPluginArn: plugin.arn, revision: plugin.revision } }],
      workerConfiguration: {
        workerConfigurationArn: worker.attrWorkerConfigurationArn,
        revision: worker.attrRevision,
      },
      logDelivery: {
        workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: this.logGroup.logGroupName } },
      },
    };
    const hash = shortHash(
      JSON.stringify([
        Stack.of(this).resolve(settled),
        plugin.name,
        WORKER_SETTINGS,
        // a worker reads its key when it starts, so that a new one is a new connector
        stage.warehouse.keyGenerations.loader,
      ]),
    );
    this.name = `${SINK_NAME_PREFIX}${epoch}-${hash}`;
    const connector = new connect.CfnConnector(this, 'Connector', {
      ...settled,
      connectorName: this.name,
      connectorDescription: 'Lands candles in Snowflake',
      capacity: capacityOf(stage),
    });
    // without its rights it fails when it is made
    connector.node.addDependency(this.role, props.after);
  }

  #executionRole(): iam.Role {
    const { account, partition, region } = Stack.of(this);
    return new iam.Role(this, 'Role', {
      description: 'The connector that lands candles in Snowflake',
      assumedBy: new iam.ServicePrincipal('kafkaconnect.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: {
            'aws:SourceArn': `arn:${partition}:kafkaconnect:${region}:${account}:connector/${SINK_NAME_PREFIX}*`,
          },
        },
      }),
    });
  }
}

function configuration({ stage, secretArn }: ConnectorProps, region: string): Record<string, string> {
  const { user, role } = SERVICE_USERS.loader;
  return candleSinkConfig({
    topics: { candles: CANDLE_TOPIC, deadLetter: SINK_DEAD_LETTER_TOPIC },
    tasks: stage.warehouse.tasks,
    flushSeconds: stage.warehouse.flushSeconds,
    snowflake: {
      url: `https://${stage.snowflakeAccount.toLowerCase()}.snowflakecomputing.com:443`,
      user,
      role,
      privateKey: secretReference(region, secretArn),
      ...LANDING,
    },
  });
}

/** https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-capacity.html */
function capacityOf({ warehouse }: Stage): connect.CfnConnector.CapacityProperty {
  const { mcu, minimumWorkers, maximumWorkers } = warehouse.capacity;
  if (minimumWorkers === maximumWorkers) {
    return { provisionedCapacity: { mcuCount: mcu, workerCount: minimumWorkers } };
  }
  return {
    autoScaling: {
      mcuCount: mcu,
      minWorkerCount: minimumWorkers,
      maxWorkerCount: maximumWorkers,
      // it takes the place of tasks.max, which would be two for each unit of each worker
      maxAutoscalingTaskCount: warehouse.tasks,
      scaleOutPolicy: { cpuUtilizationPercentage: 80 },
      scaleInPolicy: { cpuUtilizationPercentage: 20 },
    },
  };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
