import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { budget } from './budget.ts';
import { KeyAge } from './key-age.ts';
import { widgetsOf } from './part-row.ts';
import { partRows } from './parts.ts';
import type { Watched } from './parts.ts';

export interface OperationsProps extends Watched {
  readonly stage: Stage;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** What a person on call looks at first, and what the deployment may cost. */
export class Operations extends Construct {
  readonly dashboardUrl: string;

  constructor(scope: Construct, id: string, { stage, key, alarms, ...watched }: OperationsProps) {
    super(scope, id);
    const { warehouse } = watched.analytics;
    const keyAge = new KeyAge(this, 'KeyAge', { stage, secrets: Object.values(warehouse.keys), key, alarms });
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(3),
      widgets: partRows(this, watched, keyAge).map((row) => [...widgetsOf(row)]),
    });
    budget(this, 'Budget', { stage, alarms });
    const { region } = Stack.of(this);
    this.dashboardUrl = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
  }
}
