import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from './stage/stage.ts';

export interface StageLogProps {
  readonly stage: Stage;
  readonly key: kms.IKey;
  /** Where what writes to it asks for one; chosen by CloudFormation else. */
  readonly logGroupName?: string;
}

/** A log as all of a stage are: encrypted, kept for as long as the stage says, and gone with its stack. */
export function stageLog(
  scope: Construct,
  id: string,
  { stage, key, ...name }: StageLogProps,
): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    ...name,
    retention: stage.operations.logRetentionDays,
    encryptionKey: key,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
