import { createPrivateKey } from 'node:crypto';
import type { WarehouseSettings } from './settings.ts';

/** Bits that Snowflake takes at least. */
const LEAST_BITS = 2048;

/** The key as a PEM in PKCS8. Throws an error that tells where the key came from and never shows it. */
export async function readPrivateKey(source: WarehouseSettings['privateKey']): Promise<string> {
  switch (source.kind) {
    case 'key':
      return normalizePrivateKey(source.key, 'SNOWFLAKE_PRIVATE_KEY');
    case 'secret':
      return normalizePrivateKey(await fetchSecret(source.arn), `secret ${source.arn}`);
  }
}

function normalizePrivateKey(text: string, origin: string): string {
  const trimmed = text.trim();
  const isPem = trimmed.startsWith('-----BEGIN');
  let key;
  try {
    key = isPem
      ? createPrivateKey(trimmed)
      : createPrivateKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw new Error(
      `${origin}: expected an unencrypted private key in PKCS8, as a PEM or as its base64 in one line, got something else`,
      { cause: error },
    );
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < LEAST_BITS) {
    throw new Error(
      `${origin}: expected an RSA key of at least ${LEAST_BITS} bits, got ${key.asymmetricKeyType} of ${bits}`,
    );
  }
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function fetchSecret(arn: string): Promise<string> {
  // loaded where it is needed: most clients are given the key itself
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const region = arn.split(':')[3]; // arn:partition:secretsmanager:region:…, as settings.ts has checked
  const client = new SecretsManagerClient({ region });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined) throw new Error('it holds bytes, not text');
    return SecretString;
  } catch (error) {
    throw new Error(
      `expected to read the private key from secret ${arn}, got: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}
