import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';

/** Where everything runs: private subnets in the stage's zones, and few ways out. */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(stage.network.cidr),
      availabilityZones: stage.zones,
      natGateways: stage.network.natGateways,
    });
  }

  /** The private subnets, one in each zone; `zones` takes the first so many. */
  privateSubnets(zones?: number): ec2.SubnetSelection {
    const subnets = this.vpc.privateSubnets.slice(0, zones);
    return { subnets };
  }
}
