import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';
import { functionRole } from './function-role.ts';
import { stageLog } from './stage-log.ts';

const ROOT = join(import.meta.dirname, '..');

export interface NodeFunctionProps extends Omit<
  NodejsFunctionProps,
  'entry' | 'role' | 'logGroup' | 'environmentEncryption' | 'runtime' | 'architecture' | 'functionName'
> {
  /** How long logs are kept. */
  readonly stage: Stage;
  /** Encrypts variables and logs. */
  readonly key: kms.IKey;
  readonly timeout: Duration;
}

/**
 * A function of `lambdas/<name>/`, bundled by esbuild into one file with all that it imports, the SDK in the version
 * of the lock file included. Its role may write its own log and traces and, inside of a VPC, have its network
 * interface; whatever else it needs is granted to the function.
 */
export function nodeFunction(
  scope: Construct,
  id: string,
  name: string,
  { stage, key, ...props }: NodeFunctionProps,
): NodejsFunction {
  const logGroup = stageLog(scope, `${id}Logs`, { stage, key });
  const role = functionRole(scope, `${id}Role`, logGroup);
  // Lambda's own grant on the key is bound to the first role of the function, and void once that is made anew.
  key.grantDecrypt(role);
  if (props.vpc) allowNetworkInterface(role);
  const made = new NodejsFunction(scope, id, {
    entry: join(ROOT, 'lambdas', name, 'handler.ts'),
    projectRoot: ROOT,
    depsLockFilePath: join(ROOT, 'package-lock.json'),
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    memorySize: 256,
    tracing: lambda.Tracing.ACTIVE,
    ...props,
    role,
    logGroup,
    environmentEncryption: key,
    environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
    bundling: {
      format: OutputFormat.ESM,
      target: 'node24',
      mainFields: ['module', 'main'],
      bundleAwsSDK: true,
      sourceMap: true,
      sourcesContent: false,
      banner: COMMONJS_NAMES,
      ...props.bundling,
    },
  });
  acknowledgeWhatIsMeant(made, role, props);
  return made;
}

/** What modules that are CommonJS inside of the bundle take for given, under names that no module imports. */
const COMMONJS_NAMES = [
  "import { createRequire as createBundleRequire } from 'node:module';",
  'const require = createBundleRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join(' ');

/** As the managed policy for VPC access, but without its right to make log groups. */
function allowNetworkInterface(role: iam.Role): void {
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
}

function acknowledgeWhatIsMeant(
  made: NodejsFunction,
  role: iam.Role,
  props: Pick<NodeFunctionProps, 'reservedConcurrentExecutions' | 'vpc' | 'deadLetterQueueEnabled'>,
): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      "X-Ray's PutTraceSegments and the network interface of a function in a VPC take no resource: the interfaces do not exist before",
  });
  const checks = Validations.of(made);
  for (const pack of ['NIST.800.53.R5', 'Serverless']) {
    checks.acknowledge({
      id: `${pack}-LambdaDLQ`,
      reason:
        'whoever calls it waits for the answer, or asks the same again by a schedule: no event is lost that a dead-letter queue would keep',
    });
  }
  if (props.reservedConcurrentExecutions === undefined) {
    checks.acknowledge({
      id: 'NIST.800.53.R5-LambdaConcurrency',
      reason:
        'called once at a time, by a deployment or by one scheduled task: a reservation would only take from others',
    });
  }
  if (!props.vpc) {
    checks.acknowledge({
      id: 'NIST.800.53.R5-LambdaInsideVPC',
      reason: 'calls public APIs only, by TLS; nothing in the VPC is reached',
    });
  }
}
