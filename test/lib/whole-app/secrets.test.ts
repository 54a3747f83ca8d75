import { describe, expect, test } from 'vitest';
import * as z from 'zod';
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

interface Variable {
  readonly at: string;
  readonly name: string;
  readonly value: unknown;
}

/** What refers to a resource of the stack gives its name or ARN. */
function isGivenAway({ name, value }: Variable): boolean {
  return SECRET_NAME.test(name) && !REFERENCE_NAME.test(name) && typeof value === 'string';
}

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
    expect(named.filter(isGivenAway)).toEqual([]);
  });
});

test.each([
  ['DATABASE_PASSWORD', 'correct horse', true],
  ['SNOWFLAKE_PRIVATE_KEY', 'MII', true],
  ['SNOWFLAKE_PRIVATE_KEY_SECRET_ARN', 'arn:aws:secretsmanager:…', false],
  ['crypto.transformer_secret', { Ref: 'TransformerKey' }, false],
])('a variable %s with the value %o: given away is %o', (name, value, expected) => {
  expect(isGivenAway({ at: '', name, value })).toBe(expected);
});

test.each([
  ['AKIAIOSFODNN7EXAMPLE'],
  ['-----BEGIN PRIVATE KEY-----'],
  ['{{resolve:secretsmanager:thing:SecretString:password}}'],
  ['glsa_0123456789abcdefghijkl'],
])('%s would be found', (value) => {
  expect(SECRET_VALUES.some((pattern) => pattern.test(value))).toBe(true);
});

const KEYS = ['Environment', 'EnvironmentVariables', 'Variables', 'AirflowConfigurationOptions'];

/** Of functions, containers, builds, and the options of Airflow: wherever they stand in a resource. */
function variables(stage: (typeof STAGE_NAMES)[number]): readonly Variable[] {
  return resourcesOf(stage).flatMap((resource) => variablesIn(resource.properties, nameOf(resource)));
}

function variablesIn(value: unknown, at: string): readonly Variable[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(KEYS.includes(key) ? pairs(inner).map((pair) => ({ at, ...pair })) : []),
    ...variablesIn(inner, at),
  ]);
}

/** Functions name them by key, containers list them as { Name, Value }. */
function pairs(value: unknown): readonly Omit<Variable, 'at'>[] {
  const listed = z.array(z.object({ Name: z.string(), Value: z.unknown() })).safeParse(value);
  if (listed.success) return listed.data.map(({ Name, Value }) => ({ name: Name, value: Value }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, inner]) => ({ name, value: inner }));
}
