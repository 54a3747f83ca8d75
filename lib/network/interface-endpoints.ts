import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

const { InterfaceVpcEndpointAwsService: Service } = ec2;

/**
 * APIs that are called from the network all the time, or without which no container starts: what is said to them stays
 * within AWS, and no NAT gateway is paid for it by the gigabyte. The others are called a few times a day at most, and each
 * endpoint costs by the hour in each zone, so they are reached by the NAT gateways that the exchange needs anyway.
 */
const ENDPOINTS = {
  // images of the exporter and the archive loader; their layers come from S3
  Ecr: Service.ECR,
  EcrDocker: Service.ECR_DOCKER,
  // of every container, the connector and Airflow
  Logs: Service.CLOUDWATCH_LOGS,
  // Airflow's measurements
  Monitoring: Service.CLOUDWATCH_MONITORING,
  // the keys to Snowflake: secrets travel no other way
  Secrets: Service.SECRETS_MANAGER,
  // who is calling: the connector, Airflow's tasks, and Lambda's pollers where the stage has none of its own
  Sts: Service.STS,
  // remote write by the consumer and the exporter, and the queries of the quality exporter
  Metrics: Service.PROMETHEUS_WORKSPACES,
  // what Airflow's workers ask every second for something to do
  Queue: Service.SQS,
} as const;

export function addInterfaceEndpoints(
  scope: Construct,
  {
    vpc,
    cidr,
    subnets,
  }: { readonly vpc: ec2.IVpc; readonly cidr: string; readonly subnets: ec2.SubnetSelection },
): void {
  const securityGroup = new ec2.SecurityGroup(scope, 'EndpointsSecurityGroup', {
    vpc,
    description: 'The interface endpoints of AWS services',
    allowAllOutbound: false,
  });
  // By address, where else groups are named: those who call are made later, and must not be what this stack waits for.
  securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.HTTPS, 'TLS from within the network');
  for (const [name, service] of Object.entries(ENDPOINTS)) {
    new ec2.InterfaceVpcEndpoint(scope, `${name}Endpoint`, {
      vpc,
      service,
      subnets,
      privateDnsEnabled: true,
      securityGroups: [securityGroup],
      // the rule above is the one
      open: false,
    });
  }
}
