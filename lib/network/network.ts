import { Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';
import { allowedNames } from './allowed-names.ts';
import { DnsFirewall } from './dns-firewall.ts';
import { addInterfaceEndpoints } from './interface-endpoints.ts';
import { stageLog } from '#lib/stage-log.ts';

/** Addresses are set aside for as many, so that a zone can be added without moving the subnets of the others. */
const MOST_ZONES = 3;

/** Where everything runs: private subnets in the stage's zones, and few ways out. */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;

  constructor(
    scope: Construct,
    id: string,
    { stage, key }: { readonly stage: Stage; readonly key: kms.IKey },
  ) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(stage.network.cidr),
      // a copy: the VPC writes the zones that are set aside into it
      availabilityZones: [...stage.zones],
      reservedAzs: MOST_ZONES - stage.zones.length,
      natGateways: stage.network.natGateways,
      // the names are part of the logical ids
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
      restrictDefaultSecurityGroup: true,
      // No policy on it: image layers and Snowflake's stages lie in buckets of other accounts, whose names are theirs to change.
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
    });
    acknowledgePublicRoutes(this.vpc);
    logFlows(this, this.vpc, stage, key);
    if (stage.network.hasInterfaceEndpoints) {
      const { cidr } = stage.network;
      addInterfaceEndpoints(this, { vpc: this.vpc, cidr, subnets: this.privateSubnets() });
    }
    new DnsFirewall(this, 'DnsFirewall', { vpc: this.vpc, stage, key, allowed: allowedNames(stage) });
  }

  /** The private subnets, one in each zone; `zones` takes the first so many. */
  privateSubnets(zones?: number): ec2.SubnetSelection {
    const subnets = this.vpc.privateSubnets.slice(0, zones);
    return { subnets };
  }
}

function logFlows(scope: Construct, vpc: ec2.Vpc, stage: Stage, key: kms.IKey): void {
  const { account, partition, region } = Stack.of(scope);
  const logGroup = stageLog(scope, 'FlowLogs', { stage, key });
  const role = new iam.Role(scope, 'FlowLogsRole', {
    assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
      },
    }),
  });
  vpc.addFlowLog('FlowLog', {
    destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup, role),
    trafficType: ec2.FlowLogTrafficType.ALL,
  });
}

function acknowledgePublicRoutes(vpc: ec2.Vpc): void {
  for (const subnet of vpc.publicSubnets) {
    Validations.of(subnet).acknowledge({
      id: 'NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW',
      reason:
        'only NAT gateways stand in the public subnets: through them the exporter reaches the exchange, and what may be asked for is on the list of the DNS firewall',
    });
  }
}
