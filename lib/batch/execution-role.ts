import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ARTIFACTS_FOLDER } from './airflow-files.ts';

export interface ExecutionRoleProps {
  readonly environmentName: string;
  readonly bucket: s3.IBucket;
  readonly key: kms.IKey;
}

/**
 * As whom Airflow and its tasks work: what MWAA asks for, and nothing of ours yet.
 * https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html#mwaa-create-role-cmk
 */
export function executionRole(
  scope: Construct,
  id: string,
  { environmentName, bucket, key }: ExecutionRoleProps,
): iam.Role {
  const { account, region, partition } = Stack.of(scope);
  const environmentArn = `arn:${partition}:airflow:${region}:${account}:environment/${environmentName}`;
  // https://docs.aws.amazon.com/mwaa/latest/userguide/cross-service-confused-deputy-prevention.html
  const conditions = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': environmentArn },
  };
  const role = new iam.Role(scope, id, {
    description: 'Airflow and its tasks',
    assumedBy: new iam.CompositePrincipal(
      new iam.ServicePrincipal('airflow.amazonaws.com', { conditions }),
      new iam.ServicePrincipal('airflow-env.amazonaws.com', { conditions }),
    ),
  });
  const logGroups = `arn:${partition}:logs:${region}:${account}:log-group:airflow-${environmentName}-*`;
  // in an account of Amazon's own
  const queues = `arn:${partition}:sqs:${region}:*:airflow-celery-*`;
  const allow = (actions: string[], resources: string[], when?: Record<string, unknown>) =>
    role.addToPolicy(new iam.PolicyStatement({ actions, resources, ...(when && { conditions: when }) }));

  allow(['airflow:PublishMetrics'], [environmentArn]);
  allow(['s3:GetObject*', 's3:GetBucket*', 's3:List*'], [bucket.bucketArn, bucket.arnForObjects('*')]);
  allow(
    [
      'logs:CreateLogStream',
      'logs:CreateLogGroup',
      'logs:PutLogEvents',
      'logs:GetLogEvents',
      'logs:GetLogRecord',
      'logs:GetLogGroupFields',
      'logs:GetQueryResults',
    ],
    [logGroups],
  );
  allow(['logs:DescribeLogGroups', 's3:GetAccountPublicAccessBlock', 'cloudwatch:PutMetricData'], ['*']);
  allow(
    [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
    [queues],
  );
  allow(['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*', 'kms:Encrypt'], [key.keyArn], {
    StringLike: { 'kms:ViaService': ['sqs', 's3'].map((service) => `${service}.${region}.amazonaws.com`) },
  });
  acknowledgeWildcards(role, bucket, [
    [
      'AWS has no narrower names for what an environment asks about itself: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html',
      [
        'Resource::*',
        'Action::s3:GetObject*',
        'Action::s3:GetBucket*',
        'Action::s3:List*',
        'Action::kms:GenerateDataKey*',
      ],
    ],
    ["the environment's own log groups, one of each of its parts", [`Resource::${logGroups}`]],
    [
      "the queue between the environment's parts, in an account of Amazon's that is not told",
      [`Resource::${queues}`],
    ],
  ]);
  return role;
}

function acknowledgeWildcards(
  role: iam.Role,
  bucket: s3.IBucket,
  reasons: readonly (readonly [reason: string, findings: readonly string[]])[],
): void {
  // a bucket of this stack, which has no name before it is made
  const arn = Stack.of(role).resolve(bucket.bucketArn) as { 'Fn::GetAtt': [string, string] };
  const objects = `Resource::<${arn['Fn::GetAtt'].join('.')}>`;
  for (const [reason, findings] of [
    ...reasons,
    ['one bucket, which is for Airflow alone', [`${objects}/*`, `${objects}/${ARTIFACTS_FOLDER}/*`]] as const,
  ]) {
    for (const finding of findings) {
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
    }
  }
}
