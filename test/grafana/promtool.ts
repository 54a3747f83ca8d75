import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AlertRule, RuleGroup } from '#grafana/rules/alert.ts';
import { rulesYaml } from '#grafana/rules/rules-yaml.ts';
import { prometheusPath } from '#local/setup/prometheus.ts';
import type { namedCases } from './alert-cases/all-cases.ts';

type NamedCase = ReturnType<typeof namedCases>[number];

export interface RuleSet {
  /** A part of a file's name. */
  readonly name: string;
  readonly groups: readonly RuleGroup[];
  readonly cases: readonly NamedCase[];
}

/** What promtool says of each set, in order; '' where every alert does what its cases say. One process for all. */
export async function tryRules(folder: string, sets: readonly RuleSet[]): Promise<readonly string[]> {
  const files = sets.map(({ name, groups, cases }) => {
    const rules = join(folder, `${name}.rules.yaml`);
    writeFileSync(rules, rulesYaml(groups));
    // an interval of evaluation is of a whole file
    return [...Map.groupBy(cases, ({ stepMinutes = 1 }) => stepMinutes)].map(([step, ofStep]) => {
      const file = join(folder, `${name}.${step}m.yaml`);
      const tests = ofStep.map((one) => promtoolCase(one, alertsOf(groups)));
      writeFileSync(file, stringify({ rule_files: [rules], evaluation_interval: `${step}m`, tests }));
      return file;
    });
  });
  const { stdout, stderr } = spawnSync(await prometheusPath('promtool'), ['test', 'rules', ...files.flat()], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const said = `${stdout}${stderr}`.split(/^Unit Testing: {2}/m).slice(1);
  const failures = new Map(
    said.map((text) => [text.split('\n')[0], /^ {2}SUCCESS/m.test(text) ? '' : text] as const),
  );
  return files.map((ofSet) => ofSet.map((file) => failures.get(file) ?? `${file}: ${stderr}`).join(''));
}

export function alertsOf(groups: readonly RuleGroup[]): readonly AlertRule[] {
  return groups.flatMap(({ rules }) => rules).flatMap((rule) => ('alert' in rule ? [rule] : []));
}

/** The alert and the rules that record what it asks for: the others only cost time. */
export function onlyWhatMatters(groups: readonly RuleGroup[], alert: string): readonly RuleGroup[] {
  const all = groups.flatMap(({ rules }) => rules);
  const needed = new Set(all.filter((rule) => 'alert' in rule && rule.alert === alert));
  // a set takes what is added while it is walked through
  for (const { expr } of needed)
    for (const rule of all) if ('record' in rule && expr.includes(rule.record)) needed.add(rule);
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }))
    .filter(({ rules }) => rules.length > 0);
}

function promtoolCase(
  { alert, name, series, stepMinutes = 1, atMinute, quietAtMinute, firing = [] }: NamedCase,
  alerts: readonly AlertRule[],
) {
  const rule = alerts.find((one) => one.alert === alert);
  const expected = firing.map(({ labels = {}, summary }) => ({
    exp_labels: { ...rule?.labels, ...labels },
    exp_annotations: {
      ...Object.fromEntries(
        Object.entries(rule?.annotations ?? {}).map(([key, text]) => [key, withLabels(text, labels)]),
      ),
      summary,
    },
  }));
  const at = (minute: number, exp_alerts: typeof expected) => ({
    eval_time: `${minute}m`,
    alertname: alert,
    exp_alerts,
  });
  return {
    name,
    interval: `${stepMinutes}m`,
    input_series: Object.entries(series).map(([id, values]) => ({ series: id, values })),
    alert_rule_test: [
      ...(quietAtMinute === undefined ? [] : [at(quietAtMinute, [])]),
      at(atMinute, expected),
    ],
  };
}

/** As Prometheus would; the summary of a case is what it is, since it has the value too. */
function withLabels(text: string, labels: Readonly<Record<string, string>>): string {
  return text
    .replaceAll(/\{\{ \$labels\.(\w+) \| urlquery \}\}/g, (_, label: string) =>
      encodeURIComponent(labels[label] ?? ''),
    )
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '');
}
