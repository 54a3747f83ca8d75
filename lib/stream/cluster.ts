import { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as msk from 'aws-cdk-lib/aws-msk';
import type { Construct } from 'constructs';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { brokerSettings } from './broker-settings.ts';
import { outlivesABroker } from './broker-alarms.ts';
import { stageLog } from '#lib/stage-log.ts';

interface ClusterProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly key: kms.IKey;
  readonly clusterName: string;
  readonly connections: ec2.Connections;
}

/**
 * The brokers. A change of subnets, security groups, encryption or logical id asks for another cluster, and fails since
 * this one has the name; of the rest, MSK changes one thing at a time: a deployment changes storage, or the number or type
 * of brokers, or the version, or the settings.
 */
export function makeCluster(scope: Construct, props: ClusterProps): msk.CfnCluster {
  const { stage, network, key, clusterName, connections } = props;
  const { brokers, brokerCount, kafkaVersion } = stage.stream;
  const configuration = makeConfiguration(scope, stage, clusterName);
  const logGroup = stageLog(scope, 'BrokerLogs', {
    stage,
    key,
    // AWS writes to groups of this prefix by one policy of the account, which has room for no others
    logGroupName: `/aws/vendedlogs/${clusterName}/brokers`,
  });
  return new msk.CfnCluster(scope, 'Cluster', {
    clusterName,
    kafkaVersion,
    numberOfBrokerNodes: brokerCount,
    brokerNodeGroupInfo: {
      instanceType: brokers.instanceType,
      clientSubnets: network.vpc.privateSubnets.map(({ subnetId }) => subnetId),
      securityGroups: connections.securityGroups.map(({ securityGroupId }) => securityGroupId),
      // the storage of express brokers grows by itself
      ...(brokers.family === 'standard' && {
        storageInfo: { ebsStorageInfo: { volumeSize: brokers.storageGiB } },
      }),
    },
    configurationInfo: {
      arn: configuration.attrArn,
      // of the settings as they are now: a change of them is a new revision, which the brokers then restart with in turn
      revision: configuration.attrLatestRevisionRevision,
    },
    clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
    encryptionInfo: {
      encryptionAtRest: { dataVolumeKmsKeyId: key.keyArn },
      encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
    },
    enhancedMonitoring: outlivesABroker(stage) ? 'PER_BROKER' : 'DEFAULT',
    openMonitoring: {
      prometheus: { jmxExporter: { enabledInBroker: true }, nodeExporter: { enabledInBroker: true } },
    },
    loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: logGroup.logGroupName } } },
  });
}

/** Its versions of Kafka are left open: to name them would replace it, by one of the same name, with every upgrade. */
function makeConfiguration(scope: Construct, stage: Stage, clusterName: string): msk.CfnConfiguration {
  const configuration = new msk.CfnConfiguration(scope, 'Configuration', {
    name: clusterName,
    serverProperties: brokerSettings(stage),
  });
  // it can't be deleted as long as a cluster uses it
  configuration.applyRemovalPolicy(stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
  return configuration;
}
