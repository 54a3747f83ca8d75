import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dashboardFiles } from '#grafana/dashboards/dashboard-files.ts';
import { ruleFiles } from '#grafana/rules/rule-files.ts';
import { RULE_GROUPS, rulesYaml } from '#grafana/rules/rules-yaml.ts';
import { prometheusPath } from '#local/setup/prometheus.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { ALL_CASES, CASES_BY_GROUP, namedCases } from './alert-cases/all-cases.ts';
import { mutantsOf } from './alert-mutants.ts';
import { alertsOf, onlyWhatMatters, tryRules } from './promtool.ts';

const alerts = alertsOf(RULE_GROUPS);

test.each(Object.entries(ruleFiles()))('%s as committed is what the rules generate', (name, text) => {
  const committed = readFileSync(join(import.meta.dirname, '../../grafana/generated', name), 'utf8');
  expect(committed, 'run `npm run dashboards` and commit what changed').toBe(text);
});

test('promtool accepts the rules', async () => {
  await using folder = await temporaryFolder();
  const rules = join(folder.path, 'rules.yaml');
  writeFileSync(rules, rulesYaml());
  const checked = execFileSync(await prometheusPath('promtool'), ['check', 'rules', rules], {
    encoding: 'utf8',
  });
  expect(checked).toContain(`${RULE_GROUPS.flatMap((group) => group.rules).length} rules found`);
});

test('every alert goes off in a case, keeps quiet in one, and meets something nasty', () => {
  expect(alerts.length).toBeGreaterThan(20);
  for (const group of RULE_GROUPS) {
    const names = new Set(alertsOf([group]).map(({ alert }) => alert));
    const cases = CASES_BY_GROUP[group.name] ?? {};
    expect(new Set(Object.keys(cases)), group.name).toEqual(names);
    for (const [alert, { fires, quiet, nasty }] of Object.entries(cases)) {
      expect(fires.firing ?? [], alert).not.toEqual([]);
      expect(quiet.firing, alert).toBeUndefined();
      expect(Object.keys(nasty), alert).not.toEqual([]);
    }
  }
});

test.each(Object.keys(CASES_BY_GROUP))('the alerts of %s do what their cases say', async (group) => {
  await using folder = await temporaryFolder();
  const sets = Object.entries(CASES_BY_GROUP[group] ?? {}).map(([alert, cases]) => ({
    name: alert,
    groups: onlyWhatMatters(RULE_GROUPS, alert),
    cases: namedCases({ [alert]: cases }),
  }));
  expect(sets.length).toBeGreaterThan(1);
  expect((await tryRules(folder.path, sets)).join('')).toBe('');
});

test('an alert with another threshold, or another time to wait, is found out by its cases', async () => {
  await using folder = await temporaryFolder();
  const mutants = alerts.flatMap((alert) => mutantsOf(RULE_GROUPS, alert));
  expect(mutants.length).toBeGreaterThan(2 * alerts.length);
  const sets = mutants.map(({ alert, groups }, index) => ({
    name: `mutant-${index}`,
    groups: onlyWhatMatters(groups, alert),
    cases: namedCases(ALL_CASES).filter((one) => one.alert === alert),
  }));
  const said = await tryRules(folder.path, sets);
  const survivors = mutants
    .filter((_, index) => said[index] === '')
    .map(({ alert, what }) => `${alert}: ${what}`);
  expect(survivors).toEqual([]);
  // some hundred runs of promtool's world
}, 180_000);

test('every dashboard that an alert leads to is there, and has the variables that are set', () => {
  const dashboards = new Map(
    Object.values(dashboardFiles())
      .map((text) => JSON.parse(text) as { uid: string; templating: { list: { name: string }[] } }) // our own
      .map(({ uid, templating }) => [uid, templating.list.map(({ name }) => name)]),
  );
  expect(dashboards.size).toBeGreaterThan(1);
  for (const { alert, annotations } of alerts) {
    const [, uid = '', variables = ''] = /^\/d\/([\w-]+)(?:\?(.*))?$/.exec(annotations.dashboard) ?? [];
    expect([...dashboards.keys()], alert).toContain(uid);
    for (const name of new URLSearchParams(variables).keys())
      expect(dashboards.get(uid), alert).toContain(name.replace(/^var-/, ''));
  }
});
