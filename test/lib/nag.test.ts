import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { checkStage } from '#lib/stage/check-stage.ts';
import { stageSchema } from '#lib/stage/stage.ts';
import { inspect, PACKS } from './nag.ts';
import type { Acknowledgement, Inspection } from './nag.ts';
import { emptyApp, synthesize } from './synth.ts';
import type { StageChanges } from './synth.ts';

/** The choices that no stage of ours makes, and that someone else's may. */
const OTHER_CHOICES: StageChanges = {
  stream: { brokers: { family: 'express', instanceType: 'express.m7g.large', storageGiB: undefined } },
  exporter: { image: { from: 'codebuild' } },
  dashboards: {
    authentication: { by: 'saml', metadataUrl: 'https://idp.example/metadata', adminRole: 'admin' },
  },
  batch: { webAccess: 'PRIVATE_ONLY' },
  operations: { emails: ['alarms@example.com'] },
};
const APPS = {
  dev: () => synthesize('dev'),
  prod: () => synthesize('prod'),
  other: () => synthesize('prod', OTHER_CHOICES),
};
const NAMES = ['dev', 'prod', 'other'] as const;
const inspections = new Map<string, Inspection>();

test('the other choices are a stage that can be deployed', () => {
  const settings = Object.entries(APPS.other().stage).filter(([key]) => key in stageSchema.shape);
  expect(checkStage(Object.fromEntries(settings))).toMatchObject({ kind: 'ok' });
});

describe.each(NAMES)('in %s', (stage) => {
  test('no rule of the three packs finds anything that is not acknowledged', () => {
    const { findings, resources } = inspected(stage);
    expect(resources).toBeGreaterThan(30);
    const open = findings.filter(({ acknowledgedAt }) => acknowledgedAt === undefined);
    const lines = open.map(({ path, rule, description }) => `${path}  ${rule}\n    ${description}`);
    expect(lines.toSorted().join('\n')).toBe('');
  });

  test('every acknowledgement gives a reason of substance', () => {
    const { acknowledgements } = inspected(stage);
    expect(acknowledgements).not.toEqual([]);
    expect(acknowledgements.filter(({ reason }) => !isOfSubstance(reason))).toEqual([]);
  });
});

test('every acknowledgement is of something that was found, in one stage at least', () => {
  const used = new Set(
    allInspections().flatMap(({ findings }) =>
      findings.map(({ acknowledgedAt, rule }) => `${acknowledgedAt}  ${rule}`),
    ),
  );
  const given = ofThePacks(allInspections().flatMap(({ acknowledgements }) => acknowledgements));
  const unused = given.map(({ path, rule }) => `${path}  ${rule}`).filter((key) => !used.has(key));
  expect([...new Set(unused)].toSorted()).toEqual([]);
});

test('no reason is given for two rules that ask for different things', () => {
  const rulesOf = new Map<string, Set<string>>();
  const given = ofThePacks(allInspections().flatMap(({ acknowledgements }) => acknowledgements));
  for (const { rule, reason } of given) {
    rulesOf.set(reason, (rulesOf.get(reason) ?? new Set()).add(subjectOf(rule)));
  }
  expect([...rulesOf].filter(([, rules]) => rules.size > 1)).toEqual([]);
});

describe('what checks the app', () => {
  test('finds a planted violation with each pack, and tells it from one that is acknowledged', () => {
    const app = emptyApp();
    const stack = new Stack(app, 'Planted');
    const open = new CfnBucket(stack, 'Open');
    const meant = new CfnBucket(stack, 'Meant');
    Validations.of(meant).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'planted by the test of the checker',
    });
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const bare = new lambda.CfnFunction(stack, 'Bare', { code: { zipFile: '//' }, role: role.roleArn });
    const { findings } = inspect(app);
    expect(findings.map(({ path }) => path)).toContain(bare.node.path);
    for (const pack of PACKS) expect(findings.map(({ rule }) => rule).join()).toContain(`${pack}-`);
    const logging = findings.filter(({ rule }) => rule === 'AwsSolutions-S1');
    expect(logging.map(({ path, acknowledgedAt }) => [path, acknowledgedAt])).toEqual([
      [open.node.path, undefined],
      [meant.node.path, meant.node.path],
    ]);
  });

  test.each(['', 'TODO: look at this again when there is time', 'not needed here', 'ok ok ok ok ok ok'])(
    'does not take %o for a reason',
    (reason) => expect(isOfSubstance(reason)).toBe(false),
  );
});

/** Some words that differ, and no promise. */
function isOfSubstance(reason: string): boolean {
  const words = new Set(reason.toLowerCase().match(/[a-z0-9]+/g));
  return words.size >= 6 && !/\b(todo|fixme|suppress|false positive)\b/i.test(reason);
}

function ofThePacks(acknowledgements: readonly Acknowledgement[]): readonly Acknowledgement[] {
  return acknowledgements.filter(({ rule }) => PACKS.some((pack) => rule.startsWith(`${pack}-`)));
}

/** The packs have the same demands under several names. */
const ALIKE: readonly (readonly string[])[] = [
  ['S1', 'S3BucketLoggingEnabled'],
  ['SQS3', 'SQSRedrivePolicy', 'LambdaDLQ'],
  ['IAM4', 'IAMNoManagedPolicies'],
  ['SMG4', 'SecretsManagerRotationEnabled'],
  ['S3BucketReplicationEnabled', 'S3BucketVersioningEnabled'],
];

function subjectOf(rule: string): string {
  const name = rule.replace(/\[.*$/s, '').replace(/^.*?-/, '');
  return ALIKE.find((names) => names.includes(name))?.[0] ?? name;
}

function allInspections(): readonly Inspection[] {
  return NAMES.map(inspected);
}

function inspected(name: (typeof NAMES)[number]): Inspection {
  const made = inspections.get(name) ?? inspect(APPS[name]().app);
  inspections.set(name, made);
  return made;
}
