import { stringify } from 'yaml';
import type { RuleGroup } from './alert.ts';
import { DELIVERY_RULES } from './delivery-rules.ts';
import { EXPORTER_RULES } from './exporter-rules.ts';
import { LIVE_RULES } from './live-rules.ts';
import { MARKET_RULES } from './market-rules.ts';
import { QUALITY_RULES } from './quality-rules.ts';
import { WAREHOUSE_RULES } from './warehouse-rules.ts';

export const RULE_GROUPS: readonly RuleGroup[] = [
  EXPORTER_RULES,
  LIVE_RULES,
  DELIVERY_RULES,
  QUALITY_RULES,
  WAREHOUSE_RULES,
  MARKET_RULES,
];

/** A rule file of Prometheus, which is what a rule groups namespace of Amazon Managed Prometheus takes. */
export function rulesYaml(groups: readonly RuleGroup[] = RULE_GROUPS): string {
  return stringify({ groups }, { lineWidth: 0 });
}
