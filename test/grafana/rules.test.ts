import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { expect, test } from 'vitest';
import { alertmanagerYaml } from '#grafana/alertmanager/alertmanager-yaml.ts';
import { ruleFiles } from '#grafana/rules/rule-files.ts';
import { RULE_GROUPS, rulesYaml } from '#grafana/rules/rules-yaml.ts';
import { alertmanagerPath } from '#local/setup/alertmanager.ts';
import { prometheusPath } from '#local/setup/prometheus.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { RULE_CASES } from './rule-cases.ts';
import type { RuleCase } from './rule-cases.ts';

const alerts = RULE_GROUPS.flatMap(({ rules }) => rules).flatMap((rule) => ('alert' in rule ? [rule] : []));

test.each(Object.entries(ruleFiles()))('%s as committed is what the rules generate', (name, text) => {
  const committed = readFileSync(join(import.meta.dirname, '../../grafana/generated', name), 'utf8');
  expect(committed, 'run `npm run dashboards` and commit what changed').toBe(text);
});

test('every alert has a case in which it goes off and one in which it keeps quiet', () => {
  expect(alerts.length).toBeGreaterThan(10);
  for (const { alert } of alerts) {
    const cases = RULE_CASES.filter((one) => one.alert === alert);
    expect(
      cases.map(({ firing }) => firing !== undefined).toSorted((a, b) => Number(a) - Number(b)),
      alert,
    ).toEqual([false, true]);
  }
});

test('promtool accepts the rules, and finds each alert going off and keeping quiet as its cases say', async () => {
  await using folder = await temporaryFolder();
  const rules = join(folder.path, 'rules.yaml');
  const cases = join(folder.path, 'cases.yaml');
  writeFileSync(rules, rulesYaml());
  writeFileSync(
    cases,
    stringify({ rule_files: [rules], evaluation_interval: '1m', tests: RULE_CASES.map(promtoolCase) }),
  );
  const promtool = await prometheusPath('promtool');
  const checked = execFileSync(promtool, ['check', 'rules', rules], { encoding: 'utf8' });
  expect(checked).toContain(`${RULE_GROUPS.flatMap((group) => group.rules).length} rules found`);
  expect(execFileSync(promtool, ['test', 'rules', cases], { encoding: 'utf8' })).toContain('SUCCESS');
});

test('amtool accepts the definition, and routes a critical alert and a warning to the topic', async () => {
  await using folder = await temporaryFolder();
  const snsTopicArn = 'arn:aws:sns:eu-west-1:210987654321:alarms';
  const definition = z
    .object({ alertmanager_config: z.string() })
    .parse(parse(alertmanagerYaml({ snsTopicArn, region: 'eu-west-1', deployment: 'crypto-market-prod' })));
  const file = join(folder.path, 'alertmanager.yaml');
  writeFileSync(file, definition.alertmanager_config);
  const amtool = await alertmanagerPath('amtool');
  expect(execFileSync(amtool, ['check-config', file], { encoding: 'utf8' })).toContain('1 receivers');
  for (const severity of ['critical', 'warning']) {
    const routes = ['config', 'routes', 'test', `--config.file=${file}`, `severity=${severity}`];
    expect(execFileSync(amtool, routes, { encoding: 'utf8' }).trim()).toBe('alarm-topic');
  }
  expect(definition.alertmanager_config).toContain(`topic_arn: ${snsTopicArn}`);
  expect(definition.alertmanager_config).toContain('region: eu-west-1');
});

test('the topic of a deployment may be known only then: its place in the text is kept whole', () => {
  const token = '${Token[TOKEN.42]}';
  expect(alertmanagerYaml({ snsTopicArn: token, region: 'eu-west-1', deployment: 'x' })).toContain(token);
});

function promtoolCase({ alert, series, atMinute, firing = [] }: RuleCase) {
  const rule = alerts.find((one) => one.alert === alert);
  return {
    name: `${alert} ${firing.length > 0 ? 'goes off' : 'keeps quiet'}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [
      {
        eval_time: `${atMinute}m`,
        alertname: alert,
        exp_alerts: firing.map(({ labels, summary }) => ({
          exp_labels: { ...rule?.labels, ...labels },
          exp_annotations: { ...rule?.annotations, summary },
        })),
      },
    ],
  };
}
