import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * The two roles of a task on Fargate: what the program may, and what ECS needs to start it. Both can be taken by tasks of
 * this account alone: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function taskRoles(scope: Construct): {
  readonly taskRole: iam.Role;
  readonly executionRole: iam.Role;
} {
  const stack = Stack.of(scope);
  const assumedBy = new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: {
        'aws:SourceArn': stack.formatArn({
          service: 'ecs',
          resource: '*',
          arnFormat: ArnFormat.NO_RESOURCE_NAME,
        }),
      },
    },
  });
  const taskRole = new iam.Role(scope, 'TaskRole', { assumedBy });
  const executionRole = new iam.Role(scope, 'ExecutionRole', { assumedBy });
  Validations.of(executionRole).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'ecr:GetAuthorizationToken takes no resource; images are pulled from one repository only',
  });
  return { taskRole, executionRole };
}

/** Of task definitions, to the rule that asks for a secret in the place of each variable. */
export const VARIABLES_ARE_NO_SECRETS = {
  id: 'AwsSolutions-ECS2',
  reason:
    'the variables are addresses and names; what is secret the program reads from Secrets Manager itself',
};
