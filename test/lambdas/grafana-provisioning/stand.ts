import { inspect } from 'node:util';
import { GrafanaClient } from '@aws-sdk/client-grafana';
import { GENERATED_DASHBOARDS } from '#grafana/provision/generated-dashboards.ts';
import type { ProvisioningProperties } from '#lambdas/grafana-provisioning/env.ts';
import { onEvent } from '#lambdas/grafana-provisioning/on-event.ts';
import { startFakeGrafana } from '#test/grafana/fake-grafana.ts';
import { recordingLog } from '#test/recording-log.ts';
import { startFakeWorkspace, WORKSPACE_ID } from './fake-workspace.ts';

export const PROPERTIES = {
  workspaceId: WORKSPACE_ID,
  region: 'ap-northeast-1',
  prometheusUrl: 'https://aps-workspaces.ap-northeast-1.amazonaws.com/workspaces/ws-1',
  alarmTopicArn: 'arn:aws:sns:ap-northeast-1:123456789012:alarms',
  dashboardUids: GENERATED_DASHBOARDS.map(({ uid }) => uid),
  contentHash: 'one',
} satisfies ProvisioningProperties;

export const CREATE = { RequestType: 'Create', ResourceProperties: PROPERTIES };
export const PHYSICAL_ID = `grafana-provisioning-${WORKSPACE_ID}`;
export const UPDATE = {
  RequestType: 'Update',
  PhysicalResourceId: PHYSICAL_ID,
  ResourceProperties: { ...PROPERTIES, contentHash: 'two' },
  OldResourceProperties: PROPERTIES,
};
export const DELETE = {
  RequestType: 'Delete',
  PhysicalResourceId: PHYSICAL_ID,
  ResourceProperties: PROPERTIES,
};

/** A workspace that was just made, its Grafana, and the function as it would be called for both. */
export async function startStand() {
  const grafana = await startFakeGrafana();
  const workspace = await startFakeWorkspace(grafana);
  const { log, lines } = recordingLog();
  const answers: unknown[] = [];
  const workspaces = new GrafanaClient({
    region: 'ap-northeast-1',
    endpoint: workspace.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  });
  const ports = { workspaces, log, wait: async () => {}, random: () => 0.5 };
  return {
    grafana,
    workspace,
    lines,
    /** One event; what it ends with is kept, so that a test may look for secrets in all that was ever said. */
    async handle(event: unknown, signal = new AbortController().signal) {
      try {
        const answer = await onEvent(event, signal, ports);
        answers.push(answer);
        return answer;
      } catch (error) {
        answers.push(error);
        throw error;
      }
    },
    /** All that a log or CloudFormation could show. */
    said: () =>
      inspect({ lines, answers }, { depth: 20, maxStringLength: Infinity, maxArrayLength: Infinity }),
    async [Symbol.asyncDispose]() {
      workspaces.destroy();
      await workspace[Symbol.asyncDispose]();
      await grafana[Symbol.asyncDispose]();
    },
  };
}
