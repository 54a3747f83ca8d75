import { Tags, Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { deploymentTag } from './deployment-tag.ts';
import { addOutputs } from './outputs.ts';
import type { Stage } from './stage/stage.ts';
import { AnalyticsStack } from './stacks/analytics-stack.ts';
import { DashboardsStack } from './stacks/dashboards-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { FoundationStack } from './stacks/foundation-stack.ts';
import { LiveStack } from './stacks/live-stack.ts';
import { OperationsStack } from './stacks/operations-stack.ts';

/** Every stack of one stage, cut by how long what is in it lives. */
export function addStacks(app: App, stage: Stage) {
  Validations.of(app).acknowledge({
    id: 'NIST.800.53.R5-IAMNoInlinePolicy',
    reason:
      'each policy is written for one role, by the grants of what it names, and goes with it; a managed policy would be one more thing to attach elsewhere',
  });
  const place = { env: { account: stage.account, region: stage.region }, stage };
  const name = (part: string) => `crypto-market-${stage.name}-${part}`;
  const keeps = { terminationProtection: stage.isProtected };
  const foundation = new FoundationStack(app, name('foundation'), { ...place, ...keeps });
  const data = new DataStack(app, name('data'), { ...place, ...keeps, foundation });
  const live = new LiveStack(app, name('live'), { ...place, foundation, data });
  const analytics = new AnalyticsStack(app, name('analytics'), { ...place, foundation, data, live });
  const dashboards = new DashboardsStack(app, name('dashboards'), { ...place, foundation, data });
  const operations = new OperationsStack(app, name('operations'), {
    ...place,
    foundation,
    data,
    live,
    analytics,
    dashboards,
  });
  const stacks = { foundation, data, live, analytics, dashboards, operations };
  const tag = deploymentTag(stage);
  for (const stack of Object.values(stacks)) {
    Tags.of(stack).add('project', 'crypto-market');
    Tags.of(stack).add('stage', stage.name);
    Tags.of(stack).add(tag.key, tag.value);
  }
  addOutputs(stacks);
  return stacks;
}
