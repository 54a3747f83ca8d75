import type { GrafanaClient as WorkspaceApi } from '@aws-sdk/client-grafana';
import { createGrafanaClient } from '#grafana/provision/grafana-client.ts';
import type { GrafanaClientOptions } from '#grafana/provision/grafana-client.ts';
import { provision, removeDashboards, removeProvisioned } from './provision.ts';
import { parseRequest } from './request.ts';
import type { Request } from './request.ts';
import { findWorkspace, withAdminToken } from './workspace.ts';
import type { Workspace } from './workspace.ts';

export interface Ports {
  readonly workspaces: WorkspaceApi;
  readonly log: Log;
  /** Waits between attempts; ends with the signal. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

interface Log {
  info(event: string, facts: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts: Readonly<Record<string, unknown>>): void;
}

export interface Answer {
  /** Of the workspace: with another one the resource is another, and CloudFormation removes the old one. */
  readonly PhysicalResourceId: string;
}

/** @param signal when to stop, with time left to take the token back */
export async function onEvent(event: unknown, signal: AbortSignal, ports: Ports): Promise<Answer> {
  const request = parseRequest(event);
  const { workspaceId } = request.ResourceProperties;
  if (request.RequestType === 'Delete') {
    await leave(request, signal, ports);
    return { PhysicalResourceId: request.PhysicalResourceId };
  }
  const workspace = await findWorkspace(ports.workspaces, workspaceId);
  if (!workspace) throw new Error(`expected workspace ${workspaceId}, found none that answers`);
  await enter(request, workspace, signal, ports);
  return { PhysicalResourceId: `grafana-provisioning-${workspaceId}` };
}

async function enter(
  request: Exclude<Request, { RequestType: 'Delete' }>,
  workspace: Workspace,
  signal: AbortSignal,
  ports: Ports,
): Promise<void> {
  const properties = request.ResourceProperties;
  const dropped = droppedDashboards(request);
  await withAdminToken(ports.workspaces, workspace.id, async (token) => {
    const options = optionsOf(ports, signal);
    const grafana = createGrafanaClient(workspace.url, token, options);
    await provision(grafana, properties, workspace.grafanaVersion, (ms) => options.wait(ms, signal));
    await removeDashboards(grafana, dropped);
  });
  ports.log.info('provisioned', {
    workspaceId: workspace.id,
    grafanaVersion: workspace.grafanaVersion,
    dashboards: properties.dashboardUids,
    dropped,
  });
}

/** Never fails: the workspace is removed next, and what can't be taken out of one that is kept does no harm. */
async function leave(
  { ResourceProperties: { workspaceId, dashboardUids } }: Extract<Request, { RequestType: 'Delete' }>,
  signal: AbortSignal,
  ports: Ports,
): Promise<void> {
  try {
    const workspace = await findWorkspace(ports.workspaces, workspaceId);
    if (!workspace) {
      ports.log.info('workspace-gone', { workspaceId });
      return;
    }
    await withAdminToken(ports.workspaces, workspaceId, async (token) => {
      const grafana = createGrafanaClient(workspace.url, token, optionsOf(ports, signal));
      const failures = await removeProvisioned(grafana, dashboardUids);
      for (const failure of failures)
        ports.log.warn('left-behind', { workspaceId, reason: reasonOf(failure) });
    });
  } catch (error) {
    ports.log.warn('left-behind', { workspaceId, reason: reasonOf(error) });
  }
}

/** Those that the run before made and this one does not; none when that was in another workspace. */
function droppedDashboards(request: Exclude<Request, { RequestType: 'Delete' }>): readonly string[] {
  if (request.RequestType === 'Create') return [];
  const { ResourceProperties: now, OldResourceProperties: before } = request;
  if (before.workspaceId !== now.workspaceId) return [];
  return before.dashboardUids.filter((uid) => !now.dashboardUids.includes(uid));
}

function optionsOf({ wait, random }: Ports, signal: AbortSignal) {
  return { wait, random, signal } satisfies GrafanaClientOptions;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
