import type { Stage } from '#lib/stage/stage.ts';

/** What may be looked up from within the network, by reason; `*.` stands for any name below, and not for the name itself. */
export type AllowedNames = Readonly<Record<'aws' | 'exchange' | 'snowflake' | 'packages', readonly string[]>>;

export function allowedNames({
  region,
  snowflakeAccount,
}: Pick<Stage, 'region' | 'snowflakeAccount'>): AllowedNames {
  return {
    aws: [
      // APIs, brokers, buckets (those of Snowflake's stages too), endpoints of this network
      '*.amazonaws.com',
      // Airflow's own pages and API
      `*.airflow.${region}.on.aws`,
      // the instances of this network
      `*.${region}.compute.internal`,
    ],
    exchange: EXCHANGE_HOSTS,
    snowflake: snowflakeNames(snowflakeAccount),
    packages: [
      // dbt, which Airflow's start-up installs by hash
      'pypi.org',
      'files.pythonhosted.org',
      // the constraints of Airflow's release, which its requirements name
      'raw.githubusercontent.com',
    ],
  };
}

/** Where the exporter and the archive loader look for the exchange if nothing else is set. */
const EXCHANGE_HOSTS = [
  'data-stream.binance.vision',
  'stream.binance.com',
  'data-api.binance.vision',
  'api.binance.com',
  'data.binance.vision',
];

/**
 * As `select system$allowlist()` lists them for an account on AWS. Its stages are buckets, and so below amazonaws.com.
 * https://docs.snowflake.com/en/sql-reference/functions/system_allowlist
 */
function snowflakeNames(account: string): readonly string[] {
  const host = `${account.toLowerCase()}.snowflakecomputing.com`;
  return [
    host,
    `*.${host}`,
    // whether a certificate was revoked: Snowflake's cache, and those who signed it and its stages'
    'ocsp.snowflakecomputing.com',
    '*.amazontrust.com',
    '*.digicert.com',
    'o.ss2.us',
    's.ss2.us',
  ];
}
