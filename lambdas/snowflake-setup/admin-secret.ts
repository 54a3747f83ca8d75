import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

export type Admin = z.output<typeof admin>;

const admin = z.object({
  user: z.string().min(1),
  /** PKCS8, as a PEM or as its base64 in one line. */
  privateKey: z.string().min(1),
  role: z.string().min(1).default('ACCOUNTADMIN'),
});

/** Who sets the account up. Throws an error that names the secret and what it lacks, and shows nothing of it. */
export async function readAdmin(secrets: SecretsManagerClient, name: string): Promise<Admin> {
  const expected = `expected secret ${name} to hold {"user": …, "privateKey": …} as JSON`;
  const { SecretString } = await secrets
    .send(new GetSecretValueCommand({ SecretId: name }))
    .catch((error) => {
      throw new Error(
        `${expected}, got: ${error instanceof Error ? error.message : String(error)}; README.md says how it is made`,
        { cause: error },
      );
    });
  const parsed = admin.safeParse(parseJson(SecretString));
  if (parsed.success) return parsed.data;
  // zod's messages tell the path and the kind of value, and never the value
  const lacks = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`,
  );
  throw new Error(`${expected}, got ${lacks.join('; ')}`);
}

/** The parser's own error would show a part of the text. */
function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
