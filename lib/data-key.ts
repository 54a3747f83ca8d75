import { Arn, ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ALARMING_SERVICES } from './alarm-topic.ts';
import type { Stage } from './stage/stage.ts';

/**
 * The one key of a stage: it encrypts what is at rest, the logs included. Who may use it is decided by the roles of this
 * account, but for the services that use it in their own name, which are let in here.
 */
export function dataKey(scope: Construct, id: string, stage: Stage): kms.Key {
  const key = new kms.Key(scope, id, {
    description: `Encrypts what crypto-market-${stage.name} keeps`,
    enableKeyRotation: true,
    // what is kept beyond its stack would be unreadable without it
    removalPolicy: stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  allowLogs(key);
  allowAlarms(key);
  return key;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function allowLogs(key: kms.Key): void {
  const stack = Stack.of(key);
  const logGroups = Arn.format(
    { service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME },
    stack,
  );
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
}

/** Those that write to the encrypted topic of alarms. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
function allowAlarms(key: kms.Key): void {
  const stack = Stack.of(key);
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: ALARMING_SERVICES.map((service) => new iam.ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
}
