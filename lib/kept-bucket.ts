import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from './stage/stage.ts';

/** Of objects; by then a person has looked at them, or never will. */
const KEPT_DAYS = 365;

/** Of versions that were overwritten or deleted: time to notice a mistake. */
const OLD_VERSION_DAYS = 30;

export interface KeptBucketProps {
  readonly stage: Stage;
  readonly key: kms.IKey;
  /**
   * What the names of objects begin with that are not kept for ever.
   *
   * @default everything
   */
  readonly expiring?: string;
}

/** A bucket that outlives the stack of a protected stage: encrypted, versioned, and with a record of who read it. */
export class KeptBucket extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, { stage, key, expiring = '' }: KeptBucketProps) {
    super(scope, id);
    const closed = {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      ...(stage.isProtected
        ? { removalPolicy: RemovalPolicy.RETAIN }
        : { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true }),
    };
    const accessLogs = new s3.Bucket(this, 'AccessLogs', {
      ...closed,
      // S3 delivers its logs with no other
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [
        {
          expiration: Duration.days(stage.operations.logRetentionDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...closed,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      // a request to the key for an hour of objects, not for each
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [
        { prefix: expiring, expiration: Duration.days(KEPT_DAYS) },
        {
          noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    acknowledge(this.bucket, accessLogs);
  }
}

function acknowledge(bucket: s3.Bucket, accessLogs: s3.Bucket): void {
  const replication = {
    id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
    reason:
      'in one region as the pipeline is: what is here can be had again from where it came, and versions guard against mistakes',
  };
  Validations.of(bucket).acknowledge(replication);
  Validations.of(accessLogs).acknowledge(replication);
  Validations.of(accessLogs).acknowledge({
    id: 'NIST.800.53.R5-S3DefaultEncryptionKMS',
    reason: 'S3 delivers access logs only to buckets that it encrypts by keys of its own',
  });
}
