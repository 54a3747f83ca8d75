import {
  CreateWorkspaceServiceAccountCommand,
  CreateWorkspaceServiceAccountTokenCommand,
  DeleteWorkspaceServiceAccountCommand,
  DeleteWorkspaceServiceAccountTokenCommand,
  DescribeWorkspaceCommand,
  paginateListWorkspaceServiceAccounts,
  ResourceNotFoundException,
} from '@aws-sdk/client-grafana';
import type { GrafanaClient as WorkspaceApi } from '@aws-sdk/client-grafana';

/** A workspace of Managed Grafana, and its keys. */
export interface Workspace {
  readonly id: string;
  /** Where its Grafana is. */
  readonly url: string;
  readonly grafanaVersion: string;
}

/** Nothing when there is no such workspace, or none that could answer. */
export async function findWorkspace(api: WorkspaceApi, id: string): Promise<Workspace | undefined> {
  try {
    const { workspace } = await api.send(new DescribeWorkspaceCommand({ workspaceId: id }));
    if (!workspace?.endpoint || !workspace.grafanaVersion || GONE.includes(workspace.status ?? ''))
      return undefined;
    const { endpoint, grafanaVersion } = workspace;
    return { id, url: endpoint.includes('://') ? endpoint : `https://${endpoint}`, grafanaVersion };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Longer than the function may run, and no longer than that. */
export const TOKEN_SECONDS = 600;

const GONE: readonly string[] = ['DELETING', 'CREATION_FAILED'];

/**
 * Lends an administrator's token, which ends with its use, however that ends, and by itself after ten minutes. A service
 * account that an earlier run left behind is removed first, and with it its tokens.
 */
export async function withAdminToken(
  api: WorkspaceApi,
  workspaceId: string,
  use: (token: string) => Promise<void>,
): Promise<void> {
  await removeLeftOvers(api, workspaceId);
  const { id: serviceAccountId } = await api.send(
    new CreateWorkspaceServiceAccountCommand({ workspaceId, name: ACCOUNT_NAME, grafanaRole: 'ADMIN' }),
  );
  if (!serviceAccountId) throw new Error(`expected the id of service account ${ACCOUNT_NAME}, got none`);
  const account = { workspaceId, serviceAccountId };

  const endings: (() => Promise<unknown>)[] = [
    () => api.send(new DeleteWorkspaceServiceAccountCommand(account)),
  ];
  const failures: unknown[] = [];
  try {
    const { serviceAccountToken: token } = await api.send(
      new CreateWorkspaceServiceAccountTokenCommand({
        ...account,
        name: ACCOUNT_NAME,
        secondsToLive: TOKEN_SECONDS,
      }),
    );
    if (!token?.id || !token.key) throw new Error(`expected a token for ${ACCOUNT_NAME}, got none`);
    const tokenId = token.id;
    endings.unshift(() => api.send(new DeleteWorkspaceServiceAccountTokenCommand({ ...account, tokenId })));
    await use(token.key);
  } catch (error) {
    failures.push(error);
  } finally {
    for (const end of endings) {
      // oxlint-disable-next-line no-await-in-loop -- the token first, its account whatever became of that
      await end().catch((error: unknown) => failures.push(error));
    }
  }
  // what went wrong first is why; that the account is left behind follows, and the next run removes it
  if (failures.length > 0) throw failures[0];
}

async function removeLeftOvers(api: WorkspaceApi, workspaceId: string): Promise<void> {
  for await (const { serviceAccounts } of paginateListWorkspaceServiceAccounts(
    { client: api },
    { workspaceId },
  )) {
    for (const { id, name } of serviceAccounts ?? []) {
      if (name !== ACCOUNT_NAME || !id) continue;
      await api.send(new DeleteWorkspaceServiceAccountCommand({ workspaceId, serviceAccountId: id }));
    }
  }
}

const ACCOUNT_NAME = 'crypto-market-provisioning';
