import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STAGE_NAMES, STACK_PARTS, synthesize } from '#test/lib/synth.ts';
import type { StageName } from '#test/lib/synth.ts';
import { ofType, resourcesOf, templateOf } from '#test/lib/whole-app/resources.ts';
import { identityStatements } from '#test/lib/whole-app/statements.ts';

describe.each(STAGE_NAMES)('in %s', (stage) => {
  const operations = () => synthesize(stage).template('operations');

  test('the budget tells at 80 % of what is spent and 100 % of what is foreseen, of all that this deployment tags', () => {
    operations().hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: synthesize(stage).stage.operations.monthlyBudgetUsd, Unit: 'USD' },
        CostFilters: { TagKeyValue: [`user:deployment$crypto-market-${stage}`] },
      },
      NotificationsWithSubscribers: [notification(80, 'ACTUAL'), notification(100, 'FORECASTED')],
    });
    const tagged = resourcesOf(stage).filter(({ properties }) => 'Tags' in properties);
    expect(tagged.length).toBeGreaterThan(20);
    const bare = tagged.filter(({ properties }) => !/"deployment"/.test(JSON.stringify(properties['Tags'])));
    expect(bare).toEqual([]);
  });

  test('the age of every key that the deployment keeps is watched, and no key is read for it', () => {
    const environment = z
      .object({ Variables: z.looseObject({ KEY_SECRET_ARNS: z.unknown() }) })
      .parse(keyAgeFunction(stage).properties['Environment']);
    const watched = JSON.stringify(environment.Variables.KEY_SECRET_ARNS);
    const secrets = ofType(stage, 'AWS::SecretsManager::Secret');
    expect(secrets.length).toBeGreaterThan(2);
    expect(secrets.filter(({ id }) => !watched.includes(id)).map(({ id }) => id)).toEqual([]);
    expect(watched).toContain(`crypto-market-${stage}/snowflake-admin`);
    const onSecrets = identityStatements(resourcesOf(stage).filter(({ part }) => part === 'operations'))
      .flatMap(({ Action = [] }) => Action)
      .filter((action) => String(action).startsWith('secretsmanager:'));
    expect(onSecrets).toEqual(['secretsmanager:ListSecretVersionIds']);
    operations().hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(6 hours)' });
  });

  test('what is said of a certificate is there where logins depend on one', () => {
    const names = alarmNames(stage).filter((name) => name.endsWith('CertificateEnds'));
    const bySaml = synthesize(stage, {
      dashboards: {
        authentication: { by: 'saml', metadataUrl: 'https://idp.example/metadata', adminRole: 'admin' },
      },
    });
    bySaml.template('operations').hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SAML_METADATA_URL: 'https://idp.example/metadata' } },
    });
    bySaml.template('operations').hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('CertificateEnds$'),
    });
    expect(names).toEqual([]);
  });

  test('every output says what it is', () => {
    const outputs = STACK_PARTS.flatMap((part) =>
      Object.entries(templateOf(stage, part).Outputs ?? {}).filter(([, { Export }]) => Export === undefined),
    );
    expect(outputs.length).toBeGreaterThan(2);
    expect(outputs.filter(([, output]) => typeof output['Description'] !== 'string')).toEqual([]);
  });
});

test.each([
  { from: 'asset' },
  { from: 'codebuild' },
  {
    from: 'registry',
    name: `public.ecr.aws/example/exporter@sha256:${'a'.repeat(64)}`,
  },
] as const)('with images from $from the whole app is synthesised', (image) => {
  const { app, stacks } = synthesize('dev', (stage) => ({
    ...stage,
    exporter: { ...stage.exporter, image },
  }));
  expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual(
    expect.arrayContaining(Object.values(stacks).map(({ stackName }) => stackName)),
  );
});

function notification(threshold: number, type: string) {
  return {
    Notification: {
      ComparisonOperator: 'GREATER_THAN',
      NotificationType: type,
      Threshold: threshold,
      ThresholdType: 'PERCENTAGE',
    },
    Subscribers: [
      { SubscriptionType: 'SNS', Address: { 'Fn::ImportValue': Match.stringLikeRegexp('AlarmsTopic') } },
    ],
  };
}

function keyAgeFunction(stage: StageName) {
  const [found, ...others] = ofType(stage, 'AWS::Lambda::Function').filter(({ id }) => id.includes('KeyAge'));
  if (!found || others.length > 0) throw new Error('expected one function that tells the age of keys');
  return found;
}

function alarmNames(stage: StageName): readonly string[] {
  return ofType(stage, 'AWS::CloudWatch::Alarm').map(({ properties }) => String(properties['AlarmName']));
}
