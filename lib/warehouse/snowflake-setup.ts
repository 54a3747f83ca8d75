import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SnowflakeSetupEnvironment, SnowflakeSetupProperties } from '#lambdas/snowflake-setup/env.ts';
import { customResourceProvider } from '#lib/custom-resource-provider.ts';
import type { Network } from '#lib/network/network.ts';
import { nodeFunction } from '#lib/node-function.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { adminSecretArn, adminSecretName } from './admin-secret.ts';
import { LANDING } from './service-user.ts';
import type { WarehouseUser } from './service-user.ts';

export interface SnowflakeSetupProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly key: kms.IKey;
  /** What the users' private keys are put into. */
  readonly secrets: Readonly<Record<WarehouseUser, ISecret>>;
  /** Of the candle topic. */
  readonly epoch: string;
}

/**
 * What is in Snowflake: put there at each deployment that changes the SQL, a key's generation or the epoch, and never taken
 * away again.
 */
export class SnowflakeSetup extends Construct {
  constructor(scope: Construct, id: string, { stage, network, key, secrets, epoch }: SnowflakeSetupProps) {
    super(scope, id);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The function that sets Snowflake up',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Snowflake, and the APIs of AWS');
    const environment: SnowflakeSetupEnvironment = { SNOWFLAKE_ACCOUNT: stage.snowflakeAccount };
    const onEvent = nodeFunction(this, 'Function', 'snowflake-setup', {
      stage,
      key,
      description: "Makes what is in Snowflake, and the service users' keys",
      // an account that is away is tried for two minutes, and each of some sixty statements is a round trip
      timeout: Duration.minutes(10),
      memorySize: 512,
      vpc: network.vpc,
      vpcSubnets: network.privateSubnets(),
      securityGroups: [securityGroup],
      environment,
      bundling: { commandHooks: withSql },
    });
    allowKeys(onEvent, { stage, key, secrets });
    const user = (name: WarehouseUser) => ({
      secretArn: secrets[name].secretArn,
      keyGeneration: stage.warehouse.keyGenerations[name],
    });
    const properties: SnowflakeSetupProperties = {
      adminSecret: adminSecretName(stage),
      users: { loader: user('loader'), transformer: user('transformer'), reader: user('reader') },
      landingTable: Object.values(LANDING).join('.'),
      epoch,
      setupHash: hashOfSql(),
    };
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SnowflakeSetup',
      serviceToken: customResourceProvider(this, 'Provider', { stage, key, onEvent }).serviceToken,
      properties,
    });
    // what it may has to be granted before the first event
    resource.node.addDependency(onEvent.role ?? onEvent);
  }
}

const SQL_FOLDER = join(import.meta.dirname, '..', '..', 'snowflake');

/** The files stand beside the function, where it looks for them. */
const withSql = {
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (_inputDir: string, outputDir: string) => [`cp "${SQL_FOLDER}"/[0-9]*.sql "${outputDir}"`],
};

function hashOfSql(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(SQL_FOLDER).toSorted()) {
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(SQL_FOLDER, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

function allowKeys(
  { grantPrincipal }: iam.IGrantable,
  { stage, key, secrets }: Pick<SnowflakeSetupProps, 'stage' | 'key' | 'secrets'>,
): void {
  const stack = Stack.of(key);
  const allow = (statement: iam.PolicyStatementProps) =>
    grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement(statement));
  allow({ actions: ['secretsmanager:GetSecretValue'], resources: [adminSecretArn(stage, stack)] });
  allow({
    actions: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    resources: Object.values(secrets).map(({ secretArn }) => secretArn),
  });
  allow({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${stack.region}.amazonaws.com` } },
  });
}
