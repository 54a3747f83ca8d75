import { Arn, Fn, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CURSOR_GROUP_PREFIX } from '#domain/topics.ts';

export interface SinkConnectorAccess {
  /** As MSK Connect knows it; its consumer group is named after it. */
  readonly connectorName: string;
  readonly from: string;
  readonly deadLetters: string;
}

interface Cluster {
  readonly clusterArn: string;
  readonly clusterName: string;
}

/** Topics and groups of MSK Connect's own, which a worker makes when it starts. */
const CONNECT_INTERNALS = '__amazon_msk_connect_*';

/**
 * Grants of Kafka's own actions, in policies of those who get them.
 * https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html
 */
export class KafkaAccess {
  readonly #scope: Construct;
  readonly #cluster: Cluster;
  /** The last part of the cluster's ARN, as it stands in those of its topics and groups. */
  readonly #uuid: string;

  constructor(scope: Construct, cluster: Cluster) {
    this.#scope = scope;
    this.#cluster = cluster;
    const stack = Stack.of(scope);
    // By a name of its own: it becomes part of resources, and those with a * are acknowledged by their text.
    this.#uuid = stack.exportValue(Fn.select(2, Fn.split('/', cluster.clusterArn)), {
      name: `${stack.stackName}:cluster-uuid`,
      description: 'Of the Kafka cluster, as its topics and groups are named by',
    });
  }

  grantPublish(grantee: iam.IGrantable, topics: readonly string[]): void {
    allow(grantee, ['kafka:GetBootstrapBrokers', 'kafka-cluster:Connect'], [this.#cluster.clusterArn]);
    this.#allow(grantee, ['DescribeTopic', 'WriteData', 'ReadData'], 'topic', topics);
    // made for one reading and deleted after it, each under a name that was never used
    const groups = [`${CURSOR_GROUP_PREFIX}*`];
    this.#allow(grantee, ['DescribeGroup', 'AlterGroup', 'DeleteGroup'], 'group', groups);
  }

  /** To say how far behind every reader is: whoever reads, and nothing of what is in the topics. */
  grantWatch(grantee: iam.IGrantable, topics: readonly string[]): void {
    allow(grantee, ['kafka-cluster:DescribeCluster'], [this.#cluster.clusterArn]);
    this.#allow(grantee, ['DescribeTopic'], 'topic', topics);
    this.#allow(grantee, ['DescribeGroup'], 'group', ['*']);
  }

  grantConsume(grantee: iam.IGrantable, groupPrefix: string, topics: readonly string[]): void {
    allow(grantee, ['kafka-cluster:Connect'], [this.#cluster.clusterArn]);
    this.#allow(grantee, ['DescribeTopic', 'ReadData'], 'topic', topics);
    this.#allow(grantee, ['DescribeGroup', 'AlterGroup'], 'group', [`${groupPrefix}*`]);
  }

  /** https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html */
  grantSinkConnector(grantee: iam.IGrantable, access: SinkConnectorAccess): void {
    const { connectorName, from, deadLetters } = access;
    allow(
      grantee,
      // what a producer of Kafka 3 asks for before it writes, unless it is told otherwise
      ['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster', 'kafka-cluster:WriteDataIdempotently'],
      [this.#cluster.clusterArn],
    );
    this.#allow(grantee, ['DescribeTopic', 'ReadData'], 'topic', [from]);
    this.#allow(grantee, ['DescribeTopic', 'WriteData'], 'topic', [deadLetters]);
    this.#allow(grantee, ['CreateTopic', 'DescribeTopic', 'ReadData', 'WriteData'], 'topic', [
      CONNECT_INTERNALS,
    ]);
    const groups = [CONNECT_INTERNALS, `connect-${connectorName}*`];
    this.#allow(grantee, ['DescribeGroup', 'AlterGroup'], 'group', groups);
  }

  #allow(
    grantee: iam.IGrantable,
    actions: readonly string[],
    resource: 'topic' | 'group',
    names: readonly string[],
  ): void {
    const { clusterName } = this.#cluster;
    const arns = names.map((name) =>
      Arn.format(
        { service: 'kafka', resource, resourceName: `${clusterName}/${this.#uuid}/${name}` },
        Stack.of(this.#scope),
      ),
    );
    allow(
      grantee,
      actions.map((action) => `kafka-cluster:${action}`),
      arns,
    );
    for (const name of names.filter((text) => text.endsWith('*'))) this.#acknowledge(grantee, resource, name);
  }

  #acknowledge({ grantPrincipal }: iam.IGrantable, resource: 'topic' | 'group', name: string): void {
    if (!Construct.isConstruct(grantPrincipal)) return;
    const { region, account, stackName } = Stack.of(this.#scope);
    const arn = `arn:aws:kafka:${region}:${account}:${resource}/${this.#cluster.clusterName}/${stackName}:cluster-uuid/${name}`;
    Validations.of(grantPrincipal).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${arn}]`,
      reason:
        name === '*'
          ? `it is told of every ${resource} that there is and how far it has come, and no more; the cluster is named`
          : `the ${resource}s of this client begin with this, and it makes the rest of their names itself; the cluster is named`,
    });
  }
}

function allow(grantee: iam.IGrantable, actions: readonly string[], resources: readonly string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }),
  );
}
