import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  Logging,
  PhysicalResourceId,
} from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';
import { functionRole } from '#lib/function-role.ts';
import { stageLog } from '#lib/stage-log.ts';

interface Asked {
  readonly stage: Stage;
  readonly key: kms.IKey;
  readonly clusterArn: string;
}

/** The brokers' addresses, which the cluster has no attribute for. Three stand for all: they stay when more are added. */
export function askForBrokers(scope: Construct, { stage, key, clusterArn }: Asked): string {
  const logGroup = stageLog(scope, 'BootstrapServersLogs', { stage, key });
  const role = functionRole(scope, 'BootstrapServersRole', logGroup);
  const call = {
    service: 'Kafka',
    action: 'GetBootstrapBrokers',
    parameters: { ClusterArn: clusterArn },
    outputPaths: [FIELD],
    physicalResourceId: PhysicalResourceId.of('bootstrap-servers'),
    logging: Logging.withDataHidden(),
  };
  const answer = new AwsCustomResource(scope, 'BootstrapServers', {
    onCreate: call,
    onUpdate: call,
    role,
    policy: AwsCustomResourcePolicy.fromStatements([
      new iam.PolicyStatement({ actions: ['kafka:GetBootstrapBrokers'], resources: [clusterArn] }),
    ]),
    timeout: Duration.minutes(2),
    memorySize: 256,
    installLatestAwsSdk: false,
    logGroup,
  });
  acknowledgeCdkFunction(scope);
  return answer.getResponseField(FIELD);
}

const FIELD = 'BootstrapBrokerStringSaslIam';

/** One function of the CDK's answers all such resources of a stack, and stands in the stack itself. */
function acknowledgeCdkFunction(scope: Construct): void {
  const id = `AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`;
  const checks = Validations.of(Stack.of(scope).node.findChild(id));
  const once = 'called once by a deployment that waits for its answer';
  for (const [rule, reason] of [
    [
      'NIST.800.53.R5-LambdaDLQ',
      `${once}: what fails is told to CloudFormation, and no dead letter is ever sent`,
    ],
    [
      'Serverless-LambdaDLQ',
      `${once}: what fails is told to CloudFormation, and no dead letter is ever sent`,
    ],
    ['NIST.800.53.R5-LambdaConcurrency', `${once}: a reservation would only take from others`],
    [
      'NIST.800.53.R5-LambdaInsideVPC',
      `${once}, from an API of AWS by TLS and IAM; nothing in the VPC is reached`,
    ],
    ['Serverless-LambdaTracing', `${once}, one request to one API: its log says all that a trace could`],
  ] as const) {
    checks.acknowledge({ id: rule, reason });
  }
}
