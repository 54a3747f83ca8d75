import { describe, expect, test } from 'vitest';
import { STAGE_NAMES } from '#test/lib/synth.ts';
import { nameOf, ofType, resourcesOf } from './resources.ts';
import { identityStatements, resourceStatements } from './statements.ts';
import type { Statement } from './statements.ts';

/** Actions that IAM knows no resource for, or whose resource does not exist before: the only ones allowed on `*`. */
const ON_ANY_RESOURCE: Readonly<Record<string, string>> = {
  'cloudwatch:DescribeAlarms': 'lists, and takes no resource',
  'cloudwatch:DescribeAlarmsForMetric': 'lists, and takes no resource',
  'cloudwatch:GetMetricData': 'metrics are no resources',
  'cloudwatch:ListMetrics': 'metrics are no resources',
  'cloudwatch:PutMetricData': 'metrics are no resources',
  'logs:DescribeLogGroups': 'lists, and takes no resource',
  's3:GetAccountPublicAccessBlock': 'reads a setting of the account',
  'ec2:CreateNetworkInterface': 'the interface does not exist before',
  'ec2:DescribeNetworkInterfaces': 'reads, and takes no resource',
  'ec2:DescribeSubnets': 'reads, and takes no resource',
  'ec2:DescribeSecurityGroups': 'reads, and takes no resource',
  'ec2:DescribeVpcs': 'reads, and takes no resource',
  'ec2:DeleteNetworkInterface': 'Lambda makes the interface, by an id that nobody knows before',
  'ec2:AssignPrivateIpAddresses': 'as its deletion',
  'ec2:UnassignPrivateIpAddresses': 'as its deletion',
  'ecs:DescribeTaskDefinition': 'reads, and takes no resource',
  'ecs:ListTasks': 'its resource is an instance, of which Fargate has none; the cluster is a condition',
  'ecr:GetAuthorizationToken': 'a token of the whole registry',
  'xray:PutTraceSegments': 'takes no resource',
  'xray:PutTelemetryRecords': 'takes no resource',
};

describe.each(STAGE_NAMES)('in %s', (stage) => {
  test('nothing is allowed on every resource but actions that take none', () => {
    const statements = identityStatements(resourcesOf(stage)).filter(({ Effect }) => Effect === 'Allow');
    expect(statements.length).toBeGreaterThan(5);
    const broad = statements
      .filter(({ Resource }) => Resource?.includes('*') ?? false)
      .flatMap(({ at, Action = [] }) => Action.map((action) => ({ at, action: String(action) })))
      .filter(({ action }) => !Object.hasOwn(ON_ANY_RESOURCE, action));
    expect(broad).toEqual([]);
  });

  test('no statement allows whole services, or everything but something', () => {
    const statements = [...identityStatements(resourcesOf(stage)), ...resourceStatements(resourcesOf(stage))];
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(
      allowed.filter(({ NotAction, NotResource, NotPrincipal }) => NotAction ?? NotResource ?? NotPrincipal),
    ).toEqual([]);
    const whole = allowed.filter(({ Action = [] }) =>
      Action.some((action) => /^(\*|[a-z0-9-]+:\*)$/.test(String(action))),
    );
    // a key without its account's administrators is a key that nobody can ever change
    expect(
      whole.filter(({ Action, at }) => !(at.includes('AWS::KMS::Key') && String(Action) === 'kms:*')),
    ).toEqual([]);
  });

  test('what trusts a service names the account or the resource that the service must act for', () => {
    const trusts = resourceStatements(resourcesOf(stage)).filter(trustsAService);
    expect(trusts.length).toBeGreaterThan(5);
    const open = trusts.filter((trust) => !namesItsSource(trust));
    expect(open.map(({ at, Principal }) => `${at}: ${JSON.stringify(Principal)}`)).toEqual([]);
  });

  test('a service may call a function only for a source', () => {
    const open = ofType(stage, 'AWS::Lambda::Permission').filter(
      ({ properties }) => !('SourceArn' in properties || 'SourceAccount' in properties),
    );
    expect(open.map(nameOf)).toEqual([]);
  });

  test('nobody is named by a wildcard, but to be refused', () => {
    const open = resourceStatements(resourcesOf(stage)).filter(
      ({ Effect, Principal, Condition }) =>
        Effect === 'Allow' &&
        (Principal === '*' || Principal?.['AWS']?.includes('*')) &&
        Condition === undefined,
    );
    expect(open.map(({ at }) => at)).toEqual([]);
  });
});

function trustsAService({ Effect, Principal }: Statement): boolean {
  return Effect === 'Allow' && typeof Principal === 'object' && 'Service' in Principal;
}

/** In CloudWatch Logs, the encryption context is the log group's ARN. */
const SOURCES = /^(aws:source(account|arn)|kms:calleraccount|kms:encryptioncontext:aws:logs:arn)$/i;

function namesItsSource({ Condition = {} }: Statement): boolean {
  return Object.values(Condition).some((keys) => Object.keys(keys).some((key) => SOURCES.test(key)));
}
