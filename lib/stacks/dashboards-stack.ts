import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Dashboards } from '#lib/dashboards/dashboards.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { DataStack } from './data-stack.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What people look at. */
export class DashboardsStack extends Stack {
  readonly dashboards: Dashboards;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & {
      readonly stage: Stage;
      readonly foundation: FoundationStack;
      readonly data: DataStack;
    },
  ) {
    super(scope, id, props);
    const { stage, foundation, data } = props;
    const { key, alarms } = foundation;
    this.dashboards = new Dashboards(this, 'Dashboards', {
      stage,
      metricsStore: data.metricsStore,
      key,
      alarms,
    });
  }
}
