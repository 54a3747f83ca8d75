import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { FakeGrafana } from '#test/grafana/fake-grafana.ts';
import { startStrictApi, withBody, withoutBody } from '#test/strict-api.ts';
import type { Reply, Route, StrictApi } from '#test/strict-api.ts';

export const WORKSPACE_ID = 'g-0123456789';

export interface FakeWorkspace extends StrictApi {
  /** What there is to be asked of. */
  description: Record<string, unknown> | undefined;
  /** Service accounts by id, with their tokens' values by id. */
  readonly accounts: Map<string, { readonly name: string; readonly tokens: Map<string, string> }>;
  /** Every token that was ever lent. */
  readonly lent: string[];
}

/** The part of Managed Grafana's REST API that lends tokens, with the paths and shapes of the SDK's model. */
export async function startFakeWorkspace(
  grafana: FakeGrafana,
  now: () => number = Date.now,
): Promise<FakeWorkspace> {
  const accounts: FakeWorkspace['accounts'] = new Map();
  const lent: string[] = [];
  const api = await startStrictApi(
    [
      withoutBody('GET', '/workspaces/:workspaceId', ({ params }) =>
        workspace.description && params['workspaceId'] === WORKSPACE_ID
          ? ok({ workspace: workspace.description })
          : refuse(404, 'workspace not found'),
      ),
      ...accountRoutes(accounts),
      ...tokenRoutes(accounts, lent, grafana.tokens, now),
    ],
    {
      refuse,
      authorize: ({ headers: { authorization } }) =>
        /^AWS4-HMAC-SHA256 Credential=.*\/grafana\/aws4_request/.test(authorization ?? '')
          ? undefined
          : refuse(403, 'not signed for grafana'),
    },
  );
  const description = { id: WORKSPACE_ID, status: 'ACTIVE', endpoint: grafana.url, grafanaVersion: '12.4' };
  const workspace: FakeWorkspace = Object.assign(api, { accounts, lent, description });
  return workspace;
}

const ACCOUNTS = '/workspaces/:workspaceId/serviceaccounts';

function accountRoutes(accounts: FakeWorkspace['accounts']): readonly Route[] {
  return [
    // a page for each
    withoutBody('GET', ACCOUNTS, ({ params: { workspaceId }, query }) => {
      const at = Number(query.get('nextToken') ?? 0);
      const [account] = [...accounts].slice(at);
      return ok({
        workspaceId,
        serviceAccounts: account ? [summary(account[0], account[1].name)] : [],
        ...(at + 1 < accounts.size && { nextToken: String(at + 1) }),
      });
    }),
    withBody(
      'POST',
      ACCOUNTS,
      z.strictObject({ name: z.string().max(128), grafanaRole: z.literal('ADMIN') }),
      ({ params: { workspaceId }, body: { name } }) => {
        if ([...accounts.values()].some((account) => account.name === name)) {
          return refuse(409, `service account ${name} exists`);
        }
        const id = String(accounts.size + 7);
        accounts.set(id, { name, tokens: new Map() });
        return ok({ ...summary(id, name), workspaceId });
      },
    ),
  ];
}

function tokenRoutes(
  accounts: FakeWorkspace['accounts'],
  lent: string[],
  taken: FakeGrafana['tokens'],
  now: () => number,
): readonly Route[] {
  const absent = refuse(404, 'no such service account');
  return [
    withBody(
      'POST',
      `${ACCOUNTS}/:id/tokens`,
      z.strictObject({ name: z.string().max(128), secondsToLive: z.int().min(1).max(2_592_000) }),
      ({ params: { id = '', workspaceId }, body: { name, secondsToLive } }) => {
        const account = accounts.get(id);
        if (!account) return absent;
        const key = `glsa_${randomUUID()}`;
        lent.push(key);
        account.tokens.set('1', key);
        taken.set(key, now() + secondsToLive * 1000);
        return ok({ serviceAccountToken: { id: '1', name, key }, serviceAccountId: id, workspaceId });
      },
    ),
    withoutBody(
      'DELETE',
      `${ACCOUNTS}/:id/tokens/:tokenId`,
      ({ params: { id = '', tokenId = '', workspaceId } }) => {
        const key = accounts.get(id)?.tokens.get(tokenId);
        if (key === undefined) return absent;
        accounts.get(id)?.tokens.delete(tokenId);
        taken.delete(key);
        return ok({ tokenId, serviceAccountId: id, workspaceId });
      },
    ),
    withoutBody('DELETE', `${ACCOUNTS}/:id`, ({ params: { id = '', workspaceId } }) => {
      const account = accounts.get(id);
      if (!account) return absent;
      for (const key of account.tokens.values()) taken.delete(key);
      accounts.delete(id);
      return ok({ serviceAccountId: id, workspaceId });
    }),
  ];
}

function summary(id: string, name: string) {
  return { id, name, grafanaRole: 'ADMIN', isDisabled: 'false' };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

const ERRORS: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  409: 'ConflictException',
};

function refuse(status: number, message: string): Reply {
  const type = ERRORS[status] ?? 'InternalServerException';
  return { status, body: { message }, headers: { 'x-amzn-errortype': type } };
}
