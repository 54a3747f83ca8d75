import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { certificateEnds } from './certificate-ends.ts';
import { currentSince } from './current-since.ts';
import { parseEnvironment } from './env.ts';

export interface KeyAges {
  /** In days, by the id of the secret; null for one without a value yet. */
  readonly keys: Readonly<Record<string, number | null>>;
  readonly certificateDaysLeft: number | undefined;
}

/** Tells CloudWatch how old keys are, and how long a certificate will do. Reads no key: only when it was written. */
export async function handler(): Promise<KeyAges> {
  const now = Date.now();
  const ages = config.secretIds.map(async (id) => {
    const since = await currentSince(client, id);
    return [id, since === undefined ? null : days(now - since.getTime())] as const;
  });
  const keys = Object.fromEntries(await Promise.all(ages));
  const { samlMetadataUrl } = config;
  const certificateDaysLeft =
    samlMetadataUrl && days(certificateEnds(await readText(samlMetadataUrl)).getTime() - now);
  logger.info('ages', { event: 'ages', keys, certificateDaysLeft });
  emitMetrics(Object.values(keys), certificateDaysLeft);
  return { keys, certificateDaysLeft };
}

const SERVICE = 'key-age';
const DAY_MS = 86_400_000;
const ANSWER_TIMEOUT_MS = 10_000;

const config = parseEnvironment(process.env);
const logger = new Logger({ serviceName: SERVICE });
const metrics = new Metrics({ namespace: config.metricsNamespace, serviceName: SERVICE });
const client = new SecretsManagerClient();

const days = (ms: number) => Math.floor(ms / DAY_MS);

async function readText(url: URL): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`expected SAML metadata from ${url.href}, got status ${answer.status}`);
  return await answer.text();
}

function emitMetrics(ages: readonly (number | null)[], certificateDaysLeft: number | undefined): void {
  const known = ages.filter((age) => age !== null);
  metrics.addMetric('KeysWithoutValue', MetricUnit.Count, ages.length - known.length);
  if (known.length > 0) metrics.addMetric('OldestKeyDays', MetricUnit.Count, Math.max(...known));
  if (certificateDaysLeft !== undefined) {
    metrics.addMetric('CertificateDaysLeft', MetricUnit.Count, certificateDaysLeft);
  }
  metrics.publishStoredMetrics();
}
