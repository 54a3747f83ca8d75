import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnElement } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import type { Stage } from './stage/stage.ts';
import { functionRole } from './function-role.ts';
import { stageLog } from './stage-log.ts';

export interface CustomResourceProviderProps {
  readonly stage: Stage;
  /** Encrypts the framework's variables and log. */
  readonly key: kms.IKey;
  /** Called for each event; what it throws becomes the reason that CloudFormation shows. */
  readonly onEvent: lambda.IFunction;
}

/** CDK's framework in front of a function that is a custom resource: it answers CloudFormation whatever happens. */
export function customResourceProvider(
  scope: Construct,
  id: string,
  { stage, key, onEvent }: CustomResourceProviderProps,
): Provider {
  const logGroup = stageLog(scope, `${id}Logs`, { stage, key });
  const role = functionRole(scope, `${id}Role`, logGroup);
  key.grantDecrypt(role);
  const provider = new Provider(scope, id, {
    onEventHandler: onEvent,
    frameworkOnEventRole: role,
    providerFunctionEnvEncryption: key,
    logGroup,
  });
  acknowledgeFramework(provider, role, onEvent);
  return provider;
}

function acknowledgeFramework(provider: Provider, role: iam.Role, onEvent: lambda.IFunction): void {
  const logicalId = Stack.of(onEvent).getLogicalId(
    // the function of a construct that is a function
    onEvent.node.defaultChild as CfnElement,
  );
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`,
    reason: 'the framework may call any version of its one function, which has only the newest',
  });
  const checks = Validations.of(provider);
  for (const pack of ['NIST.800.53.R5', 'Serverless']) {
    checks.acknowledge({
      id: `${pack}-LambdaDLQ`,
      reason:
        'CloudFormation calls the framework and waits for its answer: what is lost shows as a failed resource',
    });
  }
  for (const [id, reason] of Object.entries(FRAMEWORK_REASONS)) checks.acknowledge({ id, reason });
}

const FRAMEWORK_REASONS = {
  'NIST.800.53.R5-LambdaConcurrency':
    'called once per deployment: a reservation would only take from other functions',
  'NIST.800.53.R5-LambdaInsideVPC':
    'calls Lambda and the address that CloudFormation gives it for the answer, and nothing in the VPC',
  'Serverless-LambdaTracing':
    "CDK's framework has no setting for it; the function behind it, which does the work, is traced",
  'Serverless-LambdaDefaultMemorySize':
    "CDK's framework has no setting for it, and 128 MB are enough to hand an event on",
};
