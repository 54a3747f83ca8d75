import { alertmanagerYaml } from '#grafana/alertmanager/alertmanager-yaml.ts';
import { rulesYaml } from './rules-yaml.ts';

/** What is committed beside the dashboards, by file name; the topic is an example, as the real one is known at deployment. */
export function ruleFiles(): Readonly<Record<'rules.yaml' | 'alertmanager.yaml', string>> {
  return {
    'rules.yaml': rulesYaml(),
    'alertmanager.yaml': alertmanagerYaml({
      snsTopicArn: 'arn:aws:sns:ap-northeast-1:123456789012:crypto-market-alarms',
      region: 'ap-northeast-1',
      deployment: 'crypto-market-dev',
    }),
  };
}
