import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as aps from 'aws-cdk-lib/aws-aps';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { alertmanagerYaml } from '#grafana/alertmanager/alertmanager-yaml.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { alarmOnStore } from './store-alarms.ts';
import { stageLog } from '#lib/stage-log.ts';

export interface MetricsStoreProps {
  readonly stage: Stage;
  readonly key: kms.IKey;
  /** Told by Alertmanager what the rules find, and by CloudWatch what is wrong with the store. */
  readonly alarms: AlarmTopic;
}

/** The workspace that holds the metrics, and the Alertmanager inside of it. */
export class MetricsStore extends Construct {
  readonly workspaceArn: string;
  readonly workspaceId: string;
  /** Takes Prometheus remote write 1.0, signed for `aps`. */
  readonly remoteWriteUrl: string;
  /** What a Prometheus data source is pointed at: everything before /api/v1. */
  readonly queryUrl: string;

  constructor(scope: Construct, id: string, { stage, key, alarms }: MetricsStoreProps) {
    super(scope, id);
    const deployment = `crypto-market-${stage.name}`;
    const { region } = Stack.of(this);
    const logGroup = (name: string, part: string) =>
      stageLog(this, name, {
        stage,
        key,
        // Amazon writes to groups of this prefix by one policy of the account, which has room for no others
        logGroupName: `/aws/vendedlogs/${deployment}/${part}`,
      });
    const workspace = new aps.CfnWorkspace(this, 'Workspace', {
      alias: deployment,
      kmsKeyArn: key.keyArn,
      workspaceConfiguration: {
        retentionPeriodInDays: stage.metrics.retentionDays,
        outOfOrderTimeWindowInSeconds: stage.metrics.outOfOrderWindowSeconds,
      },
      // what rules and notifications fail of
      loggingConfiguration: { logGroupArn: logGroup('RulesLogs', 'metrics-rules').logGroupArn },
      queryLoggingConfiguration: {
        destinations: [
          {
            cloudWatchLogs: { logGroupArn: logGroup('QueriesLogs', 'metrics-queries').logGroupArn },
            filters: { qspThreshold: EXPENSIVE_QUERY_SAMPLES },
          },
        ],
      },
      // a property of the workspace, and of nothing else that CloudFormation makes
      alertManagerDefinition: alertmanagerYaml({ snsTopicArn: alarms.topic.topicArn, region, deployment }),
    });
    workspace.applyRemovalPolicy(stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    this.workspaceArn = workspace.attrArn;
    this.workspaceId = workspace.attrWorkspaceId;
    this.queryUrl = `https://aps-workspaces.${region}.amazonaws.com/workspaces/${this.workspaceId}`;
    this.remoteWriteUrl = `${this.queryUrl}/api/v1/remote_write`;
    letAlertmanagerTell(alarms, key);
    alarmOnStore(this, this.workspaceId, alarms);
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

/** A dashboard of all symbols over a day reads less; what is logged is what costs money, 0.10 USD a thousand million. */
const EXPENSIVE_QUERY_SAMPLES = 10_000_000;

/**
 * The topic and its key are of another stack, which this one builds on, so they can't name the workspace: any workspace of
 * this account and region.
 */
function letAlertmanagerTell({ topic }: AlarmTopic, key: kms.IKey): void {
  const principals = [new iam.ServicePrincipal('aps.amazonaws.com')];
  const stack = Stack.of(topic);
  const conditions = {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: {
      'aws:SourceArn': stack.formatArn({ service: 'aps', resource: 'workspace', resourceName: '*' }),
    },
  };
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'Alertmanager',
      principals,
      actions: ['sns:Publish', 'sns:GetTopicAttributes'],
      resources: [topic.topicArn],
      conditions,
    }),
  );
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'Alertmanager',
      principals,
      actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      // a key's policy is about that key
      resources: ['*'],
      conditions,
    }),
  );
}
