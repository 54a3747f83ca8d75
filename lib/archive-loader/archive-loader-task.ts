import { Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CfnElement } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { PipelineImage } from '#lib/image/pipeline-image.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { taskRoles, VARIABLES_ARE_NO_SECRETS } from '#lib/task-roles.ts';
import type { Warehouse } from '#lib/warehouse/warehouse.ts';
import { stageLog } from '#lib/stage-log.ts';

export interface ArchiveLoaderTaskProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly warehouse: Warehouse;
  readonly cluster: ecs.ICluster;
  readonly image: PipelineImage;
  readonly key: kms.IKey;
}

/** What loads history, as a task that Airflow starts with the command of the day. */
export class ArchiveLoaderTask extends Construct {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly containerName = 'archive-loader';
  readonly securityGroup: ec2.SecurityGroup;
  readonly #stage: Stage;
  readonly #cluster: ecs.ICluster;
  readonly #logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ArchiveLoaderTaskProps) {
    super(scope, id);
    const { stage, network, warehouse, cluster, image, key } = props;
    this.#stage = stage;
    this.#cluster = cluster;
    this.#logGroup = stageLog(this, 'Logs', { stage, key });
    this.taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      // DuckDB writes Parquet of a month of minutes in far less, four files at a time
      cpu: 1024,
      memoryLimitMiB: 2048,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: SCRATCH }],
      ...taskRoles(this),
    });
    const container = this.taskDefinition.addContainer(this.containerName, {
      image: image.image,
      entryPoint: ['node', 'fargate/archive-loader/main.ts'],
      // what it does is the caller's to say
      command: ['--help'],
      environment: { ...warehouse.environmentOf('loader') },
      readonlyRootFilesystem: true,
      privileged: false,
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'archive-loader', logGroup: this.#logGroup }),
    });
    // where downloads and Parquet files lie until they are in the warehouse
    container.addMountPoints({ sourceVolume: SCRATCH, containerPath: '/scratch', readOnly: false });
    Validations.of(this.taskDefinition).acknowledge(VARIABLES_ARE_NO_SECRETS);
    warehouse.grantKey('loader', this.taskDefinition.taskRole);
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The archive loader',
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(
      ec2.Peer.anyIpv4(),
      ec2.Port.tcp(443),
      "The exchange's archive, Snowflake, and the APIs of AWS",
    );
  }

  /** What Airflow's section `crypto` says of it: see mwaa/README.md. */
  options(network: Network): Readonly<Record<string, string>> {
    return {
      ecs_cluster: this.#cluster.clusterName,
      // without a revision: the newest
      archive_loader_task_definition: this.taskDefinition.family,
      archive_loader_container: this.containerName,
      archive_loader_subnets: (network.privateSubnets().subnets ?? [])
        .map(({ subnetId }) => subnetId)
        .join(','),
      archive_loader_security_groups: this.securityGroup.securityGroupId,
    };
  }

  /** Lets a role run it, watch it, end it, and read its log. */
  grantRun(role: iam.Role): void {
    const stack = Stack.of(this);
    const allow = (statement: iam.PolicyStatementProps) =>
      role.addToPolicy(new iam.PolicyStatement(statement));
    const { taskRole, executionRole, family } = this.taskDefinition;
    const { clusterArn } = this.#cluster;
    const inCluster = { ArnEquals: { 'ecs:cluster': clusterArn } };
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ecs', resource, resourceName });
    const definitions = arnOf('task-definition', `${family}:*`);
    const tasks = arnOf('task', `crypto-market-${this.#stage.name}/*`);
    allow({ actions: ['ecs:RunTask'], resources: [definitions], conditions: inCluster });
    // the definition's tags are copied to each task, which counts as tagging it
    allow({
      actions: ['ecs:TagResource'],
      resources: [tasks],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    });
    allow({ actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: [tasks], conditions: inCluster });
    allow({ actions: ['ecs:ListTasks'], resources: ['*'], conditions: inCluster });
    allow({ actions: ['ecs:DescribeTaskDefinition'], resources: ['*'] });
    allow({
      actions: ['iam:PassRole'],
      resources: [taskRole.roleArn, ...(executionRole ? [executionRole.roleArn] : [])],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
    allow({
      actions: ['logs:GetLogEvents'],
      resources: [`${this.#logGroup.logGroupArn}:log-stream:*`],
    });
    // a log group of the CDK is one resource
    const logGroupId = stack.getLogicalId(this.#logGroup.node.defaultChild as CfnElement);
    const reasons = {
      [definitions]: 'each deployment makes a new revision, and the newest is run',
      [tasks]: 'tasks have no name before they run; those of this cluster alone are watched and ended',
      [`<${logGroupId}.Arn>:log-stream:*`]:
        "each task has a log stream of its own, in the archive loader's log group",
    };
    for (const [resource, reason] of Object.entries(reasons)) {
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    }
  }
}

const SCRATCH = 'scratch';
