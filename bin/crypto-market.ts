import { App } from 'aws-cdk-lib';
import { addStacks } from '#lib/add-stacks.ts';
import { StageError, stageOf } from '#lib/stage/stage-of.ts';

const app = new App();
try {
  addStacks(
    app,
    stageOf({
      stage: app.node.tryGetContext('stage'),
      account: app.node.tryGetContext('account') ?? process.env['CDK_DEFAULT_ACCOUNT'],
      snowflakeAccount: app.node.tryGetContext('snowflakeAccount'),
    }),
  );
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  // it says what to change; a stack trace would hide it
  console.error(error.message);
  process.exit(1);
}
