import { Stack, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { BucketDeployment } from 'aws-cdk-lib/aws-s3-deployment';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/** Encrypts the function's variables too, which no property of a deployment does. */
export function encryptVariables(deployment: BucketDeployment, key: IKey): void {
  const made = functionOf(Stack.of(deployment)).node.defaultChild;
  if (!(made instanceof CfnFunction)) throw new Error('expected the function of CDK to be one resource');
  made.kmsKeyArn = key.keyArn;
}

/** CDK puts it beside the stack's own parts, under a name of which only the beginning is known. */
function functionOf(stack: Stack): IConstruct {
  const found = stack.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
  if (!found) throw new Error('expected the function of CDK that copies files in this stack, found none');
  return found;
}

/** The rules ask for what CDK's function can't be told, as there is one for all deployments of a stack. */
export function acknowledgeDeploymentFunction(
  role: iam.Role,
  deployment: BucketDeployment,
  destination: IBucket,
): void {
  const stack = Stack.of(deployment);
  const bucket = stack.resolve(destination.bucketArn) as { 'Fn::GetAtt': [string, string] }; // a bucket of this stack
  const assets = `arn:aws:s3:::cdk-hnb659fds-assets-${stack.account}-${stack.region}`;
  const onRole = Validations.of(role);
  for (const what of [
    'Action::s3:GetObject*',
    'Action::s3:GetBucket*',
    'Action::s3:List*',
    'Action::s3:DeleteObject*',
    'Action::s3:Abort*',
    'Action::kms:GenerateDataKey*',
    'Action::kms:ReEncrypt*',
    `Resource::<${bucket['Fn::GetAtt'].join('.')}>/*`,
    `Resource::${assets}/*`,
  ]) {
    onRole.acknowledge({
      id: `AwsSolutions-IAM5[${what}]`,
      reason:
        "copies any file from the bucket of this account's CDK assets into this one bucket, and clears away there what is no longer deployed",
    });
  }
  const onFunction = Validations.of(functionOf(stack));
  for (const [rule, reason] of Object.entries(FUNCTION_REASONS)) onFunction.acknowledge({ id: rule, reason });
}

const DEAD_LETTERS =
  'CloudFormation waits for its answer and fails the deployment without one: there is nothing to keep for later';

const FUNCTION_REASONS = {
  'AwsSolutions-L1': "its runtime comes with CDK's function, and is raised with CDK",
  'Serverless-LambdaLatestVersion': "the code is CDK's, tried by it with the runtime that it names",
  'Serverless-LambdaTracing': 'runs while a deployment does, and says in its log what it copied',
  'NIST.800.53.R5-LambdaDLQ': DEAD_LETTERS,
  'Serverless-LambdaDLQ': DEAD_LETTERS,
  'NIST.800.53.R5-LambdaConcurrency': 'CloudFormation calls it a few times in a deployment, and never else',
  'NIST.800.53.R5-LambdaInsideVPC': 'talks to S3 alone, by TLS and IAM; nothing in the VPC is reached by it',
};
