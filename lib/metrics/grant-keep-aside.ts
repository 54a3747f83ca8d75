import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as z from 'zod';

/**
 * Lets a function write documents into a bucket of another stack, and its event source what it gave up; neither may read
 * or delete.
 */
export function grantKeepAside(fn: lambda.Function, bucket: s3.IBucket): void {
  const stack = Stack.of(bucket);
  const bucketArn = stack.exportValue(bucket.bucketArn);
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [`${bucketArn}/*`] }));
  // asked for by the event source alone: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucketArn] }));
  bucket.encryptionKey?.grant(fn, 'kms:GenerateDataKey');
  const { 'Fn::ImportValue': exported } = importedValue.parse(stack.resolve(bucketArn));
  if (fn.role) {
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${exported}/*]`,
      reason:
        'documents are named by the topic, partition and offset of their records, none of which is known before',
    });
  }
}

const importedValue = z.object({ 'Fn::ImportValue': z.string() });
