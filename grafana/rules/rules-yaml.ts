import { stringify } from 'yaml';
import { LIVE_RULES } from './live-rules.ts';
import { QUALITY_RULES } from './quality-rules.ts';

export const RULE_GROUPS = [LIVE_RULES, QUALITY_RULES];

/** A rule file of Prometheus, which is what a rule groups namespace of Amazon Managed Prometheus takes. */
export function rulesYaml(): string {
  return stringify({ groups: RULE_GROUPS }, { lineWidth: 0 });
}
