import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/**
 * The keys of one service user. Each generation is a version of the secret whose id tells which, so that Secrets Manager
 * itself sees to it that a generation is made once. Snowflake takes two keys of a user: odd generations are in its first
 * place, even ones in its second, so that no key ever moves from one place to the other and is void meanwhile.
 * https://docs.snowflake.com/en/user-guide/key-pair-auth#configuring-key-pair-rotation
 */
export interface ServiceKey {
  /** By the place in which Snowflake has it, base64 in one line; a place without one is to be emptied. */
  readonly publicKeys: { readonly key: string | undefined; readonly secondKey: string | undefined };
  /** Whether this run made it. */
  readonly isNew: boolean;
  /** Hands the generation to whoever asks for the secret; to be called once Snowflake knows its public key. */
  readonly publish: () => Promise<void>;
}

interface Wanted {
  readonly secretArn: string;
  readonly keyGeneration: number;
}

/** Makes the key of a generation if there is none, beside that which is in use. */
export async function prepareKey(
  secrets: SecretsManagerClient,
  { secretArn, keyGeneration: wanted }: Wanted,
): Promise<ServiceKey> {
  const versions = await versionsOf(secrets, secretArn);
  const current = currentGeneration(versions, secretArn);
  if (current !== undefined && Math.abs(wanted - current) > 1) {
    throw new Error(
      `expected keyGeneration ${current - 1} to ${current + 1} for secret ${secretArn}, which is at ${current}, got ${wanted}: ` +
        'go one at a time, as the key in use has to stay valid meanwhile',
    );
  }
  const isNew = !Object.hasOwn(versions, versionOf(wanted)) && (await makeOnce(secrets, secretArn, wanted));
  const previous = generationOf(versionAt(versions, PREVIOUS) ?? '');
  const beside = current === wanted ? previous : current;
  const publicKeys = new Map<number, string>();
  for (const generation of [wanted, beside]) {
    // of the same place, only the one that is wanted
    if (generation === undefined || publicKeys.has(generation % 2)) continue;
    // oxlint-disable-next-line no-await-in-loop -- two at most
    publicKeys.set(generation % 2, await publicKeyOf(secrets, secretArn, generation));
  }
  return {
    publicKeys: { key: publicKeys.get(1), secondKey: publicKeys.get(0) },
    isNew,
    publish: () => publish(secrets, secretArn, wanted),
  };
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const PENDING = 'AWSPENDING';

/** The versions of a secret by their ids, each with its labels. */
type Versions = Readonly<Record<string, readonly string[]>>;

async function versionsOf(secrets: SecretsManagerClient, secretArn: string): Promise<Versions> {
  const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: secretArn }));
  return VersionIdsToStages ?? {};
}

function versionAt(versions: Versions, label: string): string | undefined {
  return Object.entries(versions).find(([, labels]) => labels.includes(label))?.[0];
}

function currentGeneration(versions: Versions, secretArn: string): number | undefined {
  const current = versionAt(versions, CURRENT);
  if (current === undefined) return undefined;
  const generation = generationOf(current);
  if (generation !== undefined) return generation;
  throw new Error(
    `expected the keys in secret ${secretArn} to be those that a deployment made, got version ${current}, put there by hand: ` +
      'move AWSCURRENT back to the version that is named key-generation-…',
  );
}

/** Ids of versions have 32 characters at least. */
function versionOf(generation: number): string {
  return `key-generation-${String(generation).padStart(20, '0')}`;
}

function generationOf(version: string): number | undefined {
  const [, digits] = /^key-generation-(\d{20})$/.exec(version) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Of two runs at once, both end up with the key of the first. */
async function makeOnce(
  secrets: SecretsManagerClient,
  secretArn: string,
  generation: number,
): Promise<boolean> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  try {
    await secrets.send(
      new PutSecretValueCommand({
        SecretId: secretArn,
        ClientRequestToken: versionOf(generation),
        SecretString: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
        // the very first version is the current one all the same
        VersionStages: [PENDING],
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ResourceExistsException) return false;
    throw error;
  }
}

async function publicKeyOf(
  secrets: SecretsManagerClient,
  secretArn: string,
  generation: number,
): Promise<string> {
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: secretArn, VersionId: versionOf(generation) }),
  );
  try {
    const key = Buffer.from(SecretString ?? '', 'base64');
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    // without the cause, and without what it holds
    throw new Error(
      `expected version ${versionOf(generation)} of secret ${secretArn} to be a private key, got something else`,
    );
  }
}

async function publish(secrets: SecretsManagerClient, secretArn: string, generation: number): Promise<void> {
  const current = versionAt(await versionsOf(secrets, secretArn), CURRENT);
  if (current === versionOf(generation)) return;
  await secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: secretArn,
      VersionStage: CURRENT,
      MoveToVersionId: versionOf(generation),
      ...(current !== undefined && { RemoveFromVersionId: current }),
    }),
  );
}
