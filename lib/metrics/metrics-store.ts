import { Stack } from 'aws-cdk-lib';
import * as aps from 'aws-cdk-lib/aws-aps';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';

/** The workspace that holds the metrics. */
export class MetricsStore extends Construct {
  readonly workspaceArn: string;
  readonly workspaceId: string;
  /** Takes Prometheus remote write 1.0, signed for `aps`. */
  readonly remoteWriteUrl: string;
  /** What a Prometheus data source is pointed at: everything before /api/v1. */
  readonly queryUrl: string;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    const workspace = new aps.CfnWorkspace(this, 'Workspace', { alias: `crypto-market-${stage.name}` });
    this.workspaceArn = workspace.attrArn;
    this.workspaceId = workspace.attrWorkspaceId;
    this.queryUrl = `https://aps-workspaces.${Stack.of(this).region}.amazonaws.com/workspaces/${this.workspaceId}`;
    this.remoteWriteUrl = `${this.queryUrl}/api/v1/remote_write`;
  }

  grantWrite(grantee: iam.IGrantable): void {
    this.#grant(grantee, 'aps:RemoteWrite');
  }

  grantQuery(grantee: iam.IGrantable): void {
    this.#grant(grantee, 'aps:QueryMetrics', 'aps:GetLabels', 'aps:GetSeries', 'aps:GetMetricMetadata');
  }

  #grant(grantee: iam.IGrantable, ...actions: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: [...actions], resources: [this.workspaceArn] }),
    );
  }
}
