import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as mwaa from 'aws-cdk-lib/aws-mwaa';
import { Construct } from 'constructs';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { AirflowFiles } from './airflow-files.ts';
import { stageLog } from '#lib/stage-log.ts';

/** As MWAA names the log groups of its parts: https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-airflow.html */
const LOG_GROUPS = ['DAGProcessing', 'Scheduler', 'Task', 'WebServer', 'Worker'];

const POSTGRES = ec2.Port.tcp(5432);

export interface AirflowEnvironmentProps {
  readonly stage: Stage;
  readonly name: string;
  readonly network: Network;
  readonly files: AirflowFiles;
  readonly role: iam.IRole;
  readonly key: kms.IKey;
  /** Airflow's own configuration, as section.option. */
  readonly options: Readonly<Record<string, string>>;
}

/** The managed Airflow: scheduler, workers and web page. */
export class AirflowEnvironment extends Construct {
  readonly name: string;
  readonly webUrl: string;

  constructor(scope: Construct, id: string, props: AirflowEnvironmentProps) {
    super(scope, id);
    const { stage, name, network, files, role, key, options } = props;
    const { batch } = stage;
    this.name = name;
    const logGroups = LOG_GROUPS.map((part) =>
      // MWAA takes one that is there already; its own would be kept for ever
      stageLog(this, `${part}Logs`, {
        stage,
        key,
        logGroupName: `airflow-${name}-${part}`,
      }),
    );
    const environment = new mwaa.CfnEnvironment(this, 'Environment', {
      name,
      airflowVersion: batch.airflowVersion,
      environmentClass: batch.environmentClass,
      minWorkers: batch.minimumWorkers,
      maxWorkers: batch.maximumWorkers,
      schedulers: batch.schedulers,
      minWebservers: batch.webServers.minimum,
      maxWebservers: batch.webServers.maximum,
      webserverAccessMode: batch.webAccess,
      sourceBucketArn: files.bucket.bucketArn,
      dagS3Path: files.dagsFolder,
      // without their versions: the newest of a name that holds the hash is the only one
      requirementsS3Path: files.requirementsPath,
      startupScriptS3Path: files.startupScriptPath,
      executionRoleArn: role.roleArn,
      kmsKey: key.keyArn,
      networkConfiguration: {
        // no more and no fewer
        subnetIds: network.vpc.selectSubnets(network.privateSubnets(2)).subnetIds,
        securityGroupIds: [this.#securityGroup(network).securityGroupId],
      },
      airflowConfigurationOptions: options,
      loggingConfiguration: {
        dagProcessingLogs: { enabled: true, logLevel: 'WARNING' },
        schedulerLogs: { enabled: true, logLevel: 'WARNING' },
        taskLogs: { enabled: true, logLevel: 'INFO' },
        webserverLogs: { enabled: true, logLevel: 'WARNING' },
        // what startup.sh says is here
        workerLogs: { enabled: true, logLevel: 'INFO' },
      },
      // before a working week in Europe and after one in Japan
      weeklyMaintenanceWindowStart: 'SUN:12:00',
      // tasks wait for Fargate tasks of hours
      workerReplacementStrategy: 'GRACEFUL',
    });
    environment.node.addDependency(files, role, ...logGroups);
    this.webUrl = `https://${environment.attrWebserverUrl}`;
  }

  /** https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html */
  #securityGroup(network: Network): ec2.SecurityGroup {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'Airflow, its database and its page',
      allowAllOutbound: false,
    });
    securityGroup.connections.allowInternally(POSTGRES, 'The database of Airflow');
    securityGroup.connections.allowInternally(ec2.Port.tcp(443), 'The page of Airflow');
    securityGroup.addEgressRule(
      ec2.Peer.anyIpv4(),
      ec2.Port.tcp(443),
      'Snowflake, Python packages, and the APIs of AWS',
    );
    return securityGroup;
  }
}
