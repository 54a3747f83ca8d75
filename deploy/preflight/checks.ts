import { EC2Client } from '@aws-sdk/client-ec2';
import { GrafanaClient } from '@aws-sdk/client-grafana';
import { KafkaClient } from '@aws-sdk/client-kafka';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import type { Stage } from '#lib/stage/stage.ts';
import { checkBootstrap } from './bootstrap.ts';
import { checkCredentials } from './credentials.ts';
import { checkExchange } from './exchange.ts';
import type { ExchangeHosts } from './exchange.ts';
import { lookAt, unknown } from './finding.ts';
import type { Check, Finding } from './finding.ts';
import { checkImageBuilder } from './image-builder.ts';
import { checkQuotas } from './quotas.ts';
import { checkServices, checkZones } from './region.ts';
import { checkSignIn } from './sign-in.ts';
import { checkSnowflake } from './snowflake.ts';
import type { SnowflakeAddress } from './snowflake.ts';
import { checkGrafanaVersion, checkKafkaVersion } from './versions.ts';

/** What is asked besides the stage's own account. */
export interface Surroundings {
  /** Identity Center has one region, which need not be the stage's. */
  readonly identityCenterRegion: string;
  readonly exchange: ExchangeHosts;
  readonly snowflake: SnowflakeAddress;
  /** What builds images in Docker's place. */
  readonly docker: string | undefined;
}

/** All that is found, in the order of the checks. Without the right credentials nothing else is asked of AWS. */
export async function runChecks(stage: Stage, surroundings: Surroundings): Promise<readonly Finding[]> {
  const { region } = stage;
  const { exchange, docker } = surroundings;
  const sts = new STSClient({ region, maxAttempts: ATTEMPTS });
  const ours = [
    { what: 'image builder', run: () => checkImageBuilder(stage, docker) },
    { what: "exchange's hosts", run: () => checkExchange(stage, exchange) },
  ].map(lookAt);
  const credentials = await lookAt({ what: 'credentials', run: () => checkCredentials(stage, sts) });
  const isIn = credentials.every(({ kind }) => kind === 'ok');
  const theirs = accountChecks(stage, surroundings).map((check) =>
    isIn ? lookAt(check) : [unknown(check.what, 'not asked', 'log in to the account first')],
  );
  return [...credentials, ...(await Promise.all([...theirs, ...ours])).flat()];
}

/** A preflight that waits long is no preflight. */
const ATTEMPTS = 2;

function accountChecks(stage: Stage, { identityCenterRegion, snowflake }: Surroundings): readonly Check[] {
  const settings = { region: stage.region, maxAttempts: ATTEMPTS };
  const ssm = new SSMClient(settings);
  const ec2 = new EC2Client(settings);
  const kafka = new KafkaClient(settings);
  const grafana = new GrafanaClient(settings);
  const quotas = new ServiceQuotasClient(settings);
  const secrets = new SecretsManagerClient(settings);
  const identityCenter = new SSOAdminClient({ ...settings, region: identityCenterRegion });
  return [
    { what: 'CDK bootstrap', run: () => checkBootstrap(stage, ssm) },
    { what: 'services', run: () => checkServices(stage, ssm) },
    { what: 'zones', run: () => checkZones(stage, ec2) },
    { what: 'version of Kafka', run: () => checkKafkaVersion(stage, kafka) },
    { what: 'version of Grafana', run: () => checkGrafanaVersion(stage, grafana) },
    { what: 'quotas', run: () => checkQuotas(stage, { quotas, ec2, kafka, grafana }) },
    { what: 'sign-in', run: () => checkSignIn(stage, identityCenter) },
    { what: 'Snowflake', run: () => checkSnowflake(stage, secrets, snowflake) },
  ];
}
