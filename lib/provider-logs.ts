import { CfnResource, CustomResourceProviderBase, RemovalPolicy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Stage } from './stage/stage.ts';

/**
 * Gives the functions that the CDK adds to a stack for its own resources a log that is encrypted and ends, in place of one
 * that Lambda makes when they are first called, and that nobody deletes. To be called once all else is in the stack.
 */
export function logProviders(stack: Stack, stage: Stage, key: kms.IKey): void {
  for (const provider of stack.node.children) {
    if (!(provider instanceof CustomResourceProviderBase)) continue;
    const handler = provider.node.findChild('Handler');
    if (!CfnResource.isCfnResource(handler))
      throw new Error(`expected ${handler.node.path} to be a resource`);
    const logGroup = new logs.LogGroup(provider, 'Logs', {
      retention: stage.operations.logRetentionDays,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  }
}
