import type { AlertRule, RuleGroup } from '#grafana/rules/alert.ts';

/** An alert that is broken on purpose, among rules that are as they should be. */
export interface Mutant {
  readonly alert: string;
  readonly what: string;
  readonly groups: readonly RuleGroup[];
}

/** Each threshold and each time to wait, too low and too high. */
export function mutantsOf(
  groups: readonly RuleGroup[],
  { alert, expr, for: wait }: AlertRule,
): readonly Mutant[] {
  const minutes = Number.parseInt(wait, 10);
  const thresholds = [...expr.matchAll(/ > (\d+)/g)].flatMap((match) => {
    const level = Number(match[1]);
    const at = (text: string) => ({
      what: `${match[0].trim()} as ${text.trim()}`,
      expr: `${expr.slice(0, match.index)}${text}${expr.slice(match.index + match[0].length)}`,
      for: wait,
    });
    // a count that is above 0 is mostly above 1 too: nobody says how many it has to be
    return level === 0 ? [at(' >= 0'), at(' > 1000000')] : [at(` > ${level / 2}`), at(` > ${level * 2}`)];
  });
  const waits = [...(minutes > 0 ? [0] : []), minutes * 2 + 30].map((other) => ({
    what: `for ${minutes}m as for ${other}m`,
    expr,
    for: `${other}m`,
  }));
  return [...thresholds, ...waits].map(({ what, ...change }) => ({
    alert,
    what,
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) =>
        'alert' in rule && rule.alert === alert && rule.expr === expr ? { ...rule, ...change } : rule,
      ),
    })),
  }));
}
