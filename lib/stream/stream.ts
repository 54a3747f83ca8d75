import { Arn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as msk from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';

export const BROKER_PORT = 9098;

/** The Kafka cluster and its topics. Who may do what with them is granted here, in Kafka's words. */
export class Stream extends Construct implements ec2.IConnectable {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly connections: ec2.Connections;
  /** host:port,… of the brokers, for clients that authenticate by IAM. */
  readonly bootstrapServers: string;

  constructor(
    scope: Construct,
    id: string,
    { stage, network }: { readonly stage: Stage; readonly network: Network; readonly key: kms.IKey },
  ) {
    super(scope, id);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: network.vpc });
    this.connections = new ec2.Connections({
      securityGroups: [securityGroup],
      defaultPort: ec2.Port.tcp(BROKER_PORT),
    });
    this.clusterName = `crypto-market-${stage.name}`;
    const cluster = new msk.CfnCluster(this, 'Cluster', {
      clusterName: this.clusterName,
      kafkaVersion: stage.stream.kafkaVersion,
      numberOfBrokerNodes: stage.stream.brokerCount,
      brokerNodeGroupInfo: {
        instanceType: stage.stream.brokers.instanceType,
        clientSubnets: network.vpc.privateSubnets.map(({ subnetId }) => subnetId),
        securityGroups: [securityGroup.securityGroupId],
      },
    });
    this.clusterArn = cluster.attrArn;
    this.bootstrapServers = 'to be asked';
  }

  /** Lets a process write to topics, and read its own records back. */
  grantPublish(grantee: iam.IGrantable, ...topics: readonly string[]): void {
    this.#grant(grantee, ['Connect', 'DescribeTopic', 'WriteData', 'ReadData'], topics);
  }

  /** Lets a process read topics in consumer groups whose names begin with `groupPrefix`. */
  grantConsume(grantee: iam.IGrantable, groupPrefix: string, ...topics: readonly string[]): void {
    this.#grant(grantee, ['Connect', 'DescribeTopic', 'ReadData'], [...topics, groupPrefix]);
  }

  #grant(grantee: iam.IGrantable, actions: readonly string[], topics: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: actions.map((action) => `kafka-cluster:${action}`),
        resources: topics.map((topic) => Arn.format({ service: 'kafka', resource: topic }, Stack.of(this))),
      }),
    );
  }
}
