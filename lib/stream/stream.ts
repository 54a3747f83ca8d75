import { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { askForBrokers } from './bootstrap-servers.ts';
import { alarmOnBrokers } from './broker-alarms.ts';
import { growStorage } from './broker-storage.ts';
import { makeCluster } from './cluster.ts';
import { KafkaAccess } from './kafka-access.ts';
import type { SinkConnectorAccess } from './kafka-access.ts';
import { lagMetric } from './stream-metrics.ts';
import { makeTopics } from './topics.ts';

/** Where brokers listen for clients that authenticate by IAM. */
const BROKER_PORT = 9098;

/** As the CDK writes it into groups without any rule. */
const NOBODY = ec2.Peer.ipv4('255.255.255.255/32');

export interface StreamProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/**
 * The Kafka cluster and its topics. Who may do what with them is granted here, in Kafka's words. A client is let in by a
 * rule that is made in its own stack: `client.connections.allowToDefaultPort(stream)`.
 */
export class Stream extends Construct implements ec2.IConnectable {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly connections: ec2.Connections;
  /** host:port,… of the brokers, for clients that authenticate by IAM. */
  readonly bootstrapServers: string;
  readonly #access: KafkaAccess;

  constructor(scope: Construct, id: string, { stage, network, key, alarms }: StreamProps) {
    super(scope, id);
    this.clusterName = `crypto-market-${stage.name}`;
    this.connections = new ec2.Connections({
      securityGroups: [this.#securityGroup(stage, network)],
      defaultPort: ec2.Port.tcp(BROKER_PORT),
    });
    const { clusterName, connections } = this;
    const cluster = makeCluster(this, { stage, network, key, clusterName, connections });
    cluster.applyRemovalPolicy(stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    this.clusterArn = cluster.attrArn;
    this.#access = new KafkaAccess(this, { clusterArn: this.clusterArn, clusterName });
    this.bootstrapServers = askForBrokers(this, { stage, key, clusterArn: this.clusterArn });
    makeTopics(this, { stage, clusterArn: this.clusterArn });
    growStorage(this, { stage, clusterArn: this.clusterArn });
    alarmOnBrokers(this, { stage, clusterName, alarms });
  }

  /** Lets a process ask for the brokers, write to topics, and read back what it wrote in groups of a moment's life. */
  grantPublish(grantee: iam.IGrantable, ...topics: readonly string[]): void {
    this.#access.grantPublish(grantee, topics);
  }

  /** Lets a process ask how much is in topics, and how far each consumer group has come. */
  grantWatch(grantee: iam.IGrantable, ...topics: readonly string[]): void {
    this.#access.grantWatch(grantee, topics);
  }

  /** Lets a process read topics in consumer groups whose names begin with `groupPrefix`. */
  grantConsume(grantee: iam.IGrantable, groupPrefix: string, ...topics: readonly string[]): void {
    this.#access.grantConsume(grantee, groupPrefix, topics);
  }

  /** Lets a worker of MSK Connect run a connector that takes from topics: its own internal topics and groups included. */
  grantSinkConnector(grantee: iam.IGrantable, access: SinkConnectorAccess): void {
    this.#access.grantSinkConnector(grantee, access);
  }

  /** How many records a consumer group is behind, in all partitions together. */
  lagMetric(group: string, topic: string): cloudwatch.Metric {
    return lagMetric(this.clusterName, group, topic);
  }

  #securityGroup(stage: Stage, network: Network): ec2.SecurityGroup {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The brokers, and what Lambda polls them with',
      allowAllOutbound: false,
    });
    // The interfaces of an event source mapping are in the cluster's own group.
    securityGroup.connections.allowInternally(ec2.Port.tcp(BROKER_PORT), 'Pollers of Lambda to brokers');
    if (stage.metrics.consumer.pollers === undefined) {
      securityGroup.addEgressRule(
        ec2.Peer.anyIpv4(),
        ec2.Port.HTTPS,
        'Pollers of Lambda to the APIs of Lambda and STS',
      );
    } else {
      // a group whose only rules are resources of their own keeps the rule that lets everything out
      securityGroup.addEgressRule(NOBODY, ec2.Port.icmpTypeAndCode(252, 86), 'Nothing else');
    }
    return securityGroup;
  }
}
