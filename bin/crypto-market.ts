import { App } from 'aws-cdk-lib';
import { addStacks } from '#lib/add-stacks.ts';
import { stageOf } from '#lib/stage/stage-of.ts';

const app = new App();
addStacks(
  app,
  stageOf({
    stage: app.node.tryGetContext('stage'),
    account: app.node.tryGetContext('account') ?? process.env['CDK_DEFAULT_ACCOUNT'],
    snowflakeAccount: app.node.tryGetContext('snowflakeAccount'),
  }),
);
