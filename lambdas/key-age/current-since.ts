import { paginateListSecretVersionIds } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/**
 * Since when a secret has had the value that it has; undefined for one that has none yet. Not the secret's own dates,
 * which change with its description too.
 */
export async function currentSince(
  client: SecretsManagerClient,
  SecretId: string,
): Promise<Date | undefined> {
  for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, { SecretId })) {
    const current = Versions.find(({ VersionStages }) => VersionStages?.includes('AWSCURRENT'));
    if (current?.CreatedDate) return current.CreatedDate;
  }
  return undefined;
}
