import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';

const ROOT = join(import.meta.dirname, '..');

/** A function of `lambdas/<name>/`, bundled by esbuild into one file with all that it imports. */
export function nodeFunction(
  scope: Construct,
  id: string,
  name: string,
  props: NodejsFunctionProps & { readonly timeout: Duration },
): NodejsFunction {
  return new NodejsFunction(scope, id, {
    entry: join(ROOT, 'lambdas', name, 'handler.ts'),
    projectRoot: ROOT,
    depsLockFilePath: join(ROOT, 'package-lock.json'),
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    ...props,
    bundling: {
      format: OutputFormat.ESM,
      target: 'node24',
      mainFields: ['module', 'main'],
      // what is CommonJS inside of the bundle asks for it
      banner: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      ...props.bundling,
    },
  });
}
