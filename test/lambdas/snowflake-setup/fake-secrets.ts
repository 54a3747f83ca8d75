import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { startHttpServer } from '#test/http-server.ts';
import type { HttpServer } from '#test/http-server.ts';

export interface FakeSecrets extends HttpServer {
  /** By their ids: versions of texts, and which label is at which version. */
  readonly secrets: Map<string, FakeSecret>;
  /** Actions, in order. */
  readonly actions: string[];
  /** By what each was signed. */
  readonly authorizations: string[];
  /** Asked first, of each action: the error that it ends with. */
  interfere: (action: string) => string | undefined;
}

export interface FakeSecret {
  readonly versions: Map<string, string>;
  readonly labels: Map<string, string>;
}

/**
 * Secrets Manager's JSON protocol, with what it says of versions and labels in its API reference: the first version is
 * current whatever is asked for, AWSPREVIOUS follows AWSCURRENT, a version is never changed, and one label is at one version.
 */
export async function startFakeSecrets(): Promise<FakeSecrets> {
  const secrets: FakeSecrets['secrets'] = new Map();
  const actions: string[] = [];
  const authorizations: string[] = [];
  const server = await startHttpServer((request, response) => void reply(request, response));
  const fake: FakeSecrets = Object.assign(server, {
    secrets,
    actions,
    authorizations,
    interfere: () => undefined,
  });
  return fake;

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
    actions.push(action);
    authorizations.push(String(request.headers.authorization));
    const { status, body } = answer(action, await json(request));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  }

  function answer(action: string, body: unknown): { status: number; body: object } {
    const refusal = fake.interfere(action);
    if (refusal !== undefined) return { status: 400, body: { __type: refusal, message: 'planted' } };
    const act = ACTIONS[action];
    const id = z.object({ SecretId: z.string() }).parse(body).SecretId;
    const secret = secrets.get(id);
    try {
      if (act === undefined || secret === undefined) throw new Refusal('ResourceNotFoundException');
      return { status: 200, body: act(secret, body) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: 400, body: { __type: error.message, message: `${action} of ${id}` } };
    }
  }
}

export function secretWith(text?: string): FakeSecret {
  const id = randomUUID();
  return {
    versions: new Map(text === undefined ? [] : [[id, text]]),
    labels: new Map(text === undefined ? [] : [['AWSCURRENT', id]]),
  };
}

class Refusal extends Error {}

const ACTIONS: Readonly<Record<string, (secret: FakeSecret, body: unknown) => object>> = {
  DescribeSecret: ({ labels }) => {
    const stages: Record<string, string[]> = {};
    for (const [label, version] of labels) (stages[version] ??= []).push(label);
    return labels.size === 0 ? {} : { VersionIdsToStages: stages };
  },
  GetSecretValue: ({ versions, labels }, body) => {
    const { VersionId } = z.object({ VersionId: z.string().optional() }).parse(body);
    const version = VersionId ?? labels.get('AWSCURRENT') ?? '';
    const SecretString = versions.get(version);
    if (SecretString === undefined) throw new Refusal('ResourceNotFoundException');
    return { SecretString, VersionId: version };
  },
  PutSecretValue: (secret, body) => {
    const put = putSchema.parse(body);
    const there = secret.versions.get(put.ClientRequestToken);
    if (there !== undefined && there !== put.SecretString) throw new Refusal('ResourceExistsException');
    const isFirst = secret.versions.size === 0;
    secret.versions.set(put.ClientRequestToken, put.SecretString);
    for (const label of put.VersionStages) secret.labels.set(label, put.ClientRequestToken);
    if (isFirst) secret.labels.set('AWSCURRENT', put.ClientRequestToken);
    return { VersionId: put.ClientRequestToken };
  },
  UpdateSecretVersionStage: ({ versions, labels }, body) => {
    const { VersionStage, MoveToVersionId, RemoveFromVersionId } = moveSchema.parse(body);
    const at = labels.get(VersionStage);
    if (!versions.has(MoveToVersionId)) throw new Refusal('ResourceNotFoundException');
    if (at !== undefined && at !== RemoveFromVersionId) throw new Refusal('InvalidParameterException');
    labels.set(VersionStage, MoveToVersionId);
    if (at !== undefined) labels.set('AWSPREVIOUS', at);
    return {};
  },
};

const putSchema = z.strictObject({
  SecretId: z.string(),
  ClientRequestToken: z.string().min(32).max(64),
  SecretString: z.string(),
  VersionStages: z.array(z.string()),
});

const moveSchema = z.strictObject({
  SecretId: z.string(),
  VersionStage: z.literal('AWSCURRENT'),
  MoveToVersionId: z.string(),
  RemoveFromVersionId: z.string().optional(),
});
