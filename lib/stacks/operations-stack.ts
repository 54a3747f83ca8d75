import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Operations } from '#lib/operations/operations.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { AnalyticsStack } from './analytics-stack.ts';
import type { DashboardsStack } from './dashboards-stack.ts';
import type { DataStack } from './data-stack.ts';
import type { FoundationStack } from './foundation-stack.ts';
import type { LiveStack } from './live-stack.ts';

/** What watches all the others. */
export class OperationsStack extends Stack {
  readonly dashboardUrl: string;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & {
      readonly stage: Stage;
      readonly foundation: FoundationStack;
      readonly data: DataStack;
      readonly live: LiveStack;
      readonly analytics: AnalyticsStack;
      readonly dashboards: DashboardsStack;
    },
  ) {
    super(scope, id, props);
    const { stage, foundation, data, live, analytics, dashboards } = props;
    const { key, alarms } = foundation;
    this.dashboardUrl = new Operations(this, 'Operations', {
      stage,
      key,
      alarms,
      foundation,
      data,
      live,
      analytics,
      dashboards,
    }).dashboardUrl;
  }
}
