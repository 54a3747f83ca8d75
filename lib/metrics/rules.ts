import * as aps from 'aws-cdk-lib/aws-aps';
import { Construct } from 'constructs';
import { rulesYaml } from '#grafana/rules/rules-yaml.ts';
import type { MetricsStore } from './metrics-store.ts';

export interface RulesProps {
  readonly metricsStore: MetricsStore;
}

/** Recording rules and alerts. Whom alerts tell is the Alertmanager's part, which is the store's. */
export class Rules extends Construct {
  constructor(scope: Construct, id: string, { metricsStore }: RulesProps) {
    super(scope, id);
    new aps.CfnRuleGroupsNamespace(this, 'RuleGroups', {
      name: 'crypto-market',
      workspace: metricsStore.workspaceArn,
      data: rulesYaml(),
    });
  }
}
