import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Of a function: it writes its own log and no other, and has what else is granted to it. */
export function functionRole(scope: Construct, id: string, logGroup: ILogGroup): iam.Role {
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com', {
      conditions: forThisAccount(Stack.of(scope).account),
    }),
  });
  logGroup.grantWrite(role);
  return role;
}

/** Lambda takes roles of the function's own account only, and where it says for whom, it has to be that one. */
export function forThisAccount(account: string) {
  return { StringEqualsIfExists: { 'aws:SourceAccount': account } };
}
