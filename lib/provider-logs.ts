import { CfnResource, CustomResourceProviderBase } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Stage } from './stage/stage.ts';
import { forThisAccount } from './function-role.ts';
import { stageLog } from './stage-log.ts';

/**
 * Gives the functions that the CDK adds to a stack for its own resources a log that is encrypted and ends, in place of one
 * that Lambda makes when they are first called, and that nobody deletes; and lets Lambda use their roles for this account
 * only. To be called once all else is in the stack.
 */
export function logProviders(stack: Stack, stage: Stage, key: kms.IKey): void {
  for (const provider of stack.node.children) {
    if (!(provider instanceof CustomResourceProviderBase)) continue;
    const handler = resourceOf(provider, 'Handler');
    const logGroup = stageLog(provider, 'Logs', { stage, key });
    handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
    resourceOf(provider, 'Role').addPropertyOverride(
      'AssumeRolePolicyDocument.Statement.0.Condition',
      forThisAccount(stage.account),
    );
  }
}

function resourceOf(provider: CustomResourceProviderBase, id: string): CfnResource {
  const child = provider.node.findChild(id);
  if (!CfnResource.isCfnResource(child)) throw new Error(`expected ${child.node.path} to be a resource`);
  return child;
}
