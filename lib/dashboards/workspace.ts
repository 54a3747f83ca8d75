import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as grafana from 'aws-cdk-lib/aws-grafana';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { MetricsStore } from '#lib/metrics/metrics-store.ts';
import type { Stage } from '#lib/stage/stage.ts';

export interface WorkspaceProps {
  readonly stage: Stage;
  readonly metricsStore: MetricsStore;
  readonly alarms: AlarmTopic;
}

/**
 * Managed Grafana. It stands in no VPC: what it asks, the metrics store and CloudWatch, is asked by TLS and IAM, and who
 * may look is decided by the identity provider.
 */
export class Workspace extends Construct {
  readonly workspaceId: string;
  /** Where people look. */
  readonly url: string;
  readonly #arn: string;

  constructor(scope: Construct, id: string, { stage, metricsStore, alarms }: WorkspaceProps) {
    super(scope, id);
    const { grafanaVersion, authentication } = stage.dashboards;
    const role = this.#role();
    metricsStore.grantQuery(role);
    alarms.topic.grants.publish(role);
    grantCloudWatchQueries(role);
    acknowledgeWildcards(role);
    const workspace = new grafana.CfnWorkspace(this, 'Workspace', {
      name: `crypto-market-${stage.name}`,
      description: 'Dashboards of the crypto market pipeline',
      accountAccessType: 'CURRENT_ACCOUNT',
      permissionType: 'CUSTOMER_MANAGED',
      roleArn: role.roleArn,
      grafanaVersion,
      pluginAdminEnabled: true,
      ...authenticationOf(authentication),
    });
    // what people made in it, and who was given access, is nowhere else
    workspace.applyRemovalPolicy(stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    // else it could be looked into before its role may read anything, or after
    workspace.node.addDependency(role);
    this.workspaceId = workspace.attrId;
    this.url = `https://${workspace.attrEndpoint}`;
    this.#arn = workspaceArn(this, workspace.attrId);
  }

  /** To look the workspace up and to lend itself an administrator's token for some minutes. */
  grantAdministration(grantee: iam.IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'grafana:DescribeWorkspace',
          'grafana:ListWorkspaceServiceAccounts',
          'grafana:CreateWorkspaceServiceAccount',
          'grafana:DeleteWorkspaceServiceAccount',
          'grafana:CreateWorkspaceServiceAccountToken',
          'grafana:DeleteWorkspaceServiceAccountToken',
        ],
        resources: [this.#arn],
      }),
    );
  }

  /** What the data sources ask with. */
  #role(): iam.Role {
    return new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('grafana.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          // the workspace is made with its role, so that its id is not known yet
          ArnLike: { 'aws:SourceArn': workspaceArn(this, '*') },
        },
      }),
    });
  }
}

function workspaceArn(scope: Construct, workspaceId: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:grafana:${region}:${account}:/workspaces/${workspaceId}`;
}

/** Numbers and alarms, no logs: these may hold more than whoever sees a dashboard should. */
function grantCloudWatchQueries(role: iam.Role): void {
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'cloudwatch:DescribeAlarms',
        'cloudwatch:DescribeAlarmsForMetric',
        'cloudwatch:GetMetricData',
        'cloudwatch:ListMetrics',
      ],
      // they take no resource but for alarms, whose names are not known here
      resources: ['*'],
    }),
  );
}

function acknowledgeWildcards(role: iam.Role): void {
  const checks = Validations.of(role);
  checks.acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      "CloudWatch's metrics have no resource to name, and its alarms are shown whatever they are called; none of the actions changes anything",
  });
  checks.acknowledge({
    id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
    reason: 'both ways of making a data key, of one key: publishing to the encrypted alarm topic needs it',
  });
}

function authenticationOf(
  authentication: Stage['dashboards']['authentication'],
): Pick<grafana.CfnWorkspaceProps, 'authenticationProviders' | 'samlConfiguration'> {
  switch (authentication.by) {
    case 'identity-center':
      return { authenticationProviders: ['AWS_SSO'] };
    case 'saml':
      return {
        authenticationProviders: ['SAML'],
        samlConfiguration: {
          idpMetadata: { url: authentication.metadataUrl },
          assertionAttributes: { name: 'displayName', login: 'mail', email: 'mail', role: 'role' },
          roleValues: { admin: [authentication.adminRole] },
          loginValidityDuration: SESSION_MINUTES,
        },
      };
  }
}

/** A working day. */
const SESSION_MINUTES = 8 * 60;
