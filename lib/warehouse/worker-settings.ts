import type { SecretReference } from '#connectors/candle-sink.ts';

const PROVIDER = 'secretsmanager';

/**
 * As a worker of MSK Connect reads its settings. What is in its plugin resolves references to secrets; without it the
 * key would stand in the connector's configuration, for whoever may read that.
 * https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-supported-worker-config-properties.html
 */
export const WORKER_SETTINGS = Object.entries({
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'config.providers': PROVIDER,
  [`config.providers.${PROVIDER}.class`]: 'market.crypto.connect.SecretTextProvider',
})
  .map(([name, value]) => `${name}=${value}\n`)
  .join('');

/** The whole text of a secret. */
export function secretReference(region: string, secretArn: string): SecretReference {
  return { provider: PROVIDER, path: region, key: secretArn };
}
