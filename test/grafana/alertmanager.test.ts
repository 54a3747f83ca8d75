import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { expect, test } from 'vitest';
import { alertmanagerYaml, localAlertmanagerYaml } from '#grafana/alertmanager/alertmanager-yaml.ts';
import { SEVERITIES } from '#grafana/rules/alert.ts';
import { RULE_GROUPS } from '#grafana/rules/rules-yaml.ts';
import { alertmanagerPath } from '#local/setup/alertmanager.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { alertsOf } from './promtool.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:210987654321:alarms';
const amp = (snsTopicArn = TOPIC) =>
  z
    .object({ alertmanager_config: z.string() })
    .parse(parse(alertmanagerYaml({ snsTopicArn, region: 'eu-west-1', deployment: 'crypto-market-prod' })))
    .alertmanager_config;

test.each([
  ['Amazon Managed Prometheus', amp()],
  ['one machine', localAlertmanagerYaml()],
])('amtool accepts what %s gets, and routes each severity to its own receiver', async (_, text) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'alertmanager.yml');
  writeFileSync(file, text);
  const amtool = await alertmanagerPath('amtool');
  const checked = execFileSync(amtool, ['check-config', file], { encoding: 'utf8' });
  expect(checked).toContain(`${SEVERITIES.length} receivers`);
  const routed = SEVERITIES.map((severity) => {
    const args = [
      'config',
      'routes',
      'test',
      `--config.file=${file}`,
      `severity=${severity}`,
      'alertname=Any',
    ];
    return execFileSync(amtool, args, { encoding: 'utf8' }).trim();
  });
  expect(routed).toEqual(SEVERITIES);
});

test('on AWS each receiver writes to the topic, and only the end of news is not told', () => {
  const { receivers } = z
    .object({
      receivers: z.array(
        z.object({
          name: z.string(),
          sns_configs: z.tuple([
            z.looseObject({ topic_arn: z.string(), sigv4: z.unknown(), send_resolved: z.boolean() }),
          ]),
        }),
      ),
    })
    .parse(parse(amp()));
  expect(
    receivers.map(({ name, sns_configs: [{ topic_arn, sigv4, send_resolved }] }) => ({
      name,
      topic_arn,
      sigv4,
      send_resolved,
    })),
  ).toEqual(
    SEVERITIES.map((name) => ({
      name,
      topic_arn: TOPIC,
      sigv4: { region: 'eu-west-1' },
      send_resolved: name !== 'info',
    })),
  );
});

test('what one alert silences, and by which, are alerts that there are', () => {
  const names = new Set(alertsOf(RULE_GROUPS).map(({ alert }) => alert));
  const matchers = z
    .object({ inhibit_rules: z.array(z.record(z.string(), z.array(z.string()))) })
    .parse(parse(localAlertmanagerYaml()))
    .inhibit_rules.flatMap((rule) => Object.values(rule).flat());
  const mentioned = matchers.flatMap(
    (matcher) => /^alertname =~ "(.*)"$/.exec(matcher)?.[1]?.split('|') ?? [],
  );
  expect(mentioned.length).toBeGreaterThan(5);
  expect(mentioned.filter((name) => !names.has(name))).toEqual([]);
});

test('the topic of a deployment may be known only then: its place in the text is kept whole', () => {
  const token = '${Token[TOKEN.42]}';
  expect(amp(token)).toContain(token);
});
