import { Construct } from 'constructs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { MetricsStore } from './metrics-store.ts';
import type { Stage } from '#lib/stage/stage.ts';

export interface RulesProps {
  readonly stage: Stage;
  readonly metricsStore: MetricsStore;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** Recording rules, alerts, and whom they tell: the files of `grafana/`. */
export class Rules extends Construct {
  constructor(scope: Construct, id: string, _props: RulesProps) {
    super(scope, id);
  }
}
