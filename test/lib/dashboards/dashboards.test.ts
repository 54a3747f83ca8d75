import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { TOKEN_SECONDS } from '#lambdas/grafana-provisioning/workspace.ts';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import type { Synthesis } from '#test/lib/synth.ts';

describe.each(STAGE_NAMES)('in %s', (stage) => {
  const made = synthesize(stage);
  const settings = made.stage;
  const dashboards = made.template('dashboards');

  test('people come in by Identity Center, into the version that the stage names', () => {
    const { Properties } = workspaceOf(made);
    expect(Properties).toMatchObject({
      Name: `crypto-market-${stage}`,
      AuthenticationProviders: ['AWS_SSO'],
      AccountAccessType: 'CURRENT_ACCOUNT',
      PermissionType: 'CUSTOMER_MANAGED',
      PluginAdminEnabled: true,
      GrafanaVersion: settings.dashboards.grafanaVersion,
    });
    expect(Properties).not.toHaveProperty('VpcConfiguration');
  });

  test('a workspace outlives its stack where the stage is protected', () => {
    const kept = settings.isProtected ? 'Retain' : 'Delete';
    expect(workspaceOf(made)).toMatchObject({ DeletionPolicy: kept, UpdateReplacePolicy: kept });
  });

  test('only workspaces of this account take the role that may query', () => {
    const roles = Object.values(dashboards.findResources('AWS::IAM::Role'));
    const trusts = roles.flatMap(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement);
    const ofGrafana = trusts.filter(({ Principal }) => Principal.Service === 'grafana.amazonaws.com');
    const arn = `arn:aws:grafana:${settings.region}:${settings.account}:/workspaces/*`;
    expect(ofGrafana.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'aws:SourceAccount': settings.account }, ArnLike: { 'aws:SourceArn': arn } },
    ]);
  });

  test('the workspace reads metrics of one store and of CloudWatch, tells one topic, and reads no log', () => {
    const statements = statementsOf(made, 'WorkspaceRole');
    expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
      'aps:GetLabels',
      'aps:GetMetricMetadata',
      'aps:GetSeries',
      'aps:QueryMetrics',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:DescribeAlarmsForMetric',
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
      'kms:Decrypt',
      'kms:GenerateDataKey*',
      'sns:Publish',
    ]);
    const everywhere = statements.filter(({ Resource }) => Resource === '*');
    expect(
      everywhere.flatMap(({ Action }) => Action).every((action) => action.startsWith('cloudwatch:')),
    ).toBe(true);
  });

  test('the provisioning may look up this one workspace and lend itself a token there, and not change it', () => {
    const grants = statementsOf(made, 'ProvisioningFunctionRole').filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('grafana:')),
    );
    expect(grants).toHaveLength(1);
    expect(grants[0]?.Action).not.toContain('grafana:UpdateWorkspace');
    expect(JSON.stringify(grants[0]?.Resource)).toMatch(/\/workspaces\/.*DashboardsWorkspace\w+","Id"/);
  });

  test('a change of any dashboard is a run, and no property holds a secret', () => {
    const [resource] = Object.values(dashboards.findResources('Custom::GrafanaProvisioning'));
    const { ServiceToken: _, ...properties } = resource?.['Properties'] ?? {};
    expect(Object.keys(properties)).toEqual([
      'workspaceId',
      'region',
      'prometheusUrl',
      'alarmTopicArn',
      'dashboardUids',
      'contentHash',
    ]);
    expect(properties['dashboardUids']).toHaveLength(readdirSync(GENERATED).length);
    expect(properties['contentHash']).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the function ends before its token does, and the framework in front of it outlasts it', () => {
    const timeouts = Object.values(dashboards.findResources('AWS::Lambda::Function')).map(({ Properties }) =>
      Number(Properties.Timeout),
    );
    const [run = 0, framework = 0] = timeouts.toSorted((a, b) => a - b);
    expect(timeouts).toHaveLength(2);
    expect(run).toBeGreaterThan(240);
    expect(run).toBeLessThan(TOKEN_SECONDS);
    expect(framework).toBeGreaterThan(run);
  });

  test('the address of Grafana is an output', () => {
    const outputs = Object.values(dashboards.findOutputs('*', { Description: 'Grafana: the dashboards' }));
    expect(JSON.stringify(outputs.map(({ Value }) => Value))).toMatch(/"https:\/\/".*"Endpoint"/);
  });
});

test('with SAML, the identity provider is asked, and the role attribute makes administrators', () => {
  const authentication = {
    by: 'saml',
    metadataUrl: 'https://idp.example.com/metadata',
    adminRole: 'market-admins',
  } as const;
  const { Properties } = workspaceOf(synthesize('dev', { dashboards: { authentication } }));
  expect(Properties).toMatchObject({
    AuthenticationProviders: ['SAML'],
    SamlConfiguration: {
      IdpMetadata: { Url: 'https://idp.example.com/metadata' },
      AssertionAttributes: { Role: 'role' },
      RoleValues: { Admin: ['market-admins'] },
    },
  });
});

const GENERATED = join(import.meta.dirname, '../../../grafana/generated/dashboards');

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function statementsOf(made: Synthesis, role: string): readonly Statement[] {
  const policies = Object.entries(made.template('dashboards').findResources('AWS::IAM::Policy'));
  const found = policies.filter(([id]) => id.includes(role));
  expect(found).toHaveLength(1);
  return found.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}

function workspaceOf(made: Synthesis) {
  const [workspace, ...others] = Object.values(
    made.template('dashboards').findResources('AWS::Grafana::Workspace'),
  );
  expect(others).toEqual([]);
  return z.looseObject({ Properties: z.record(z.string(), z.unknown()) }).parse(workspace);
}
