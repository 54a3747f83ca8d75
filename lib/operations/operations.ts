import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Stage } from '#lib/stage/stage.ts';

export interface OperationsProps {
  readonly stage: Stage;
  readonly alarms: AlarmTopic;
}

/** What a person on call looks at first, and what the deployment may cost. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, _props: OperationsProps) {
    super(scope, id);
  }
}
