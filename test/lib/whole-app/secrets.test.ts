import { describe, expect, test } from 'vitest';
import { STACK_PARTS, STAGE_NAMES } from '#test/lib/synth.ts';
import { leaves, nameOf, ofType, resourcesOf, templateOf } from './resources.ts';

/** Names of variables whose values nobody may read in a template. */
const SECRET_NAME = /(PASSWORD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|(PRIVATE|ACCESS|API)_?KEY)/i;
/** Names of such values, where the value itself is only where to look. */
const REFERENCE_NAME = /_(ARN|ARNS|NAME|ID|URL|REGION|FILE)$/i;
const SECRET_VALUES = [
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /-----BEGIN/,
  /\bMII[A-Za-z0-9+/]{100}/,
  /\beyJ[A-Za-z0-9_-]{20,}\./,
  /\bglsa_[A-Za-z0-9]{20}/,
  // resolved by CloudFormation, and then to be read in the resource's own description
  /\{\{resolve:(secretsmanager|ssm-secure):/,
];

describe.each(STAGE_NAMES)('in %s', (stage) => {
  test('no value in a template looks like a secret', () => {
    const strings = STACK_PARTS.flatMap((part) => [...leaves(templateOf(stage, part))]).filter(
      (leaf): leaf is { path: readonly string[]; value: string } => typeof leaf.value === 'string',
    );
    expect(strings.length).toBeGreaterThan(500);
    const found = strings.filter(({ value }) => SECRET_VALUES.some((pattern) => pattern.test(value)));
    expect(found.map(({ path }) => path.join('.'))).toEqual([]);
  });

  test('every secret is made by Secrets Manager or written later, never by the template', () => {
    const secrets = ofType(stage, 'AWS::SecretsManager::Secret');
    expect(secrets).not.toEqual([]);
    expect(secrets.filter(({ properties }) => 'SecretString' in properties).map(nameOf)).toEqual([]);
  });

  test('no variable that is named like a secret has a value: only where to read it', () => {
    const named = variables(stage);
    expect(named.length).toBeGreaterThan(3);
    const found = named.filter(({ name }) => SECRET_NAME.test(name) && !REFERENCE_NAME.test(name));
    expect(found).toEqual([]);
  });
});

test.each([
  ['AKIAIOSFODNN7EXAMPLE'],
  ['-----BEGIN PRIVATE KEY-----'],
  ['{{resolve:secretsmanager:thing:SecretString:password}}'],
  ['glsa_0123456789abcdefghijkl'],
])('%s would be found', (value) => {
  expect(SECRET_VALUES.some((pattern) => pattern.test(value))).toBe(true);
});

/** Of functions, containers, builds, and the options of Airflow. */
function variables(stage: (typeof STAGE_NAMES)[number]) {
  return resourcesOf(stage).flatMap((resource) =>
    [...leaves(resource.properties)].flatMap(({ path, value }) => {
      const at = path.findLastIndex((key) =>
        ['Environment', 'EnvironmentVariables', 'Variables', 'AirflowConfigurationOptions'].includes(key),
      );
      if (at < 0) return [];
      const rest = path.slice(at + 1);
      // containers list their variables as { Name, Value }
      const name = rest.at(-1) === 'Name' && typeof value === 'string' ? value : rest[0];
      return name === undefined || /^\d+$/.test(name) ? [] : [{ at: nameOf(resource), name }];
    }),
  );
}
