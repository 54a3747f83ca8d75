import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/** Lets a function write new documents into a bucket, and its event source what it gave up; neither may read or delete. */
export function grantKeepAside(fn: lambda.Function, bucket: s3.IBucket): void {
  fn.addToRolePolicy(
    new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
  );
  // asked for by the event source alone: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
  bucket.encryptionKey?.grant(fn, 'kms:GenerateDataKey');
}
