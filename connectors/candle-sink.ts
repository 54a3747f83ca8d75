/** What differs from one place to another; everything else of the sink is the same everywhere. */
export interface CandleSinkSettings {
  readonly topics: { readonly candles: string; readonly deadLetter: string };
  readonly snowflake: {
    /** `https://<account>.snowflakecomputing.com:443`, or the address of the emulator. */
    readonly url: string;
    readonly user: string;
    /** A key in PKCS8. */
    readonly privateKey: SecretReference;
    readonly role: string;
    readonly database: string;
    readonly schema: string;
    readonly table: string;
  };
  /** At most one task for each partition has something to do. */
  readonly tasks: number;
  /** How long rows may wait on their way: few seconds are fresh, many are cheap. */
  readonly flushSeconds: number;
}

/** What a worker resolves by its config provider of this name: nobody who reads the configuration sees the secret. */
export interface SecretReference {
  readonly provider: string;
  /** Without a colon. */
  readonly path: string;
  readonly key: string;
}

export interface CandleSink {
  readonly name: string;
  readonly topics: CandleSinkSettings['topics'];
  /** With its database and schema. */
  readonly landingTable: string;
  /** As `PUT /connectors/<name>/config` and MSK Connect's `connectorConfiguration` take it. */
  readonly config: Readonly<Record<string, string>>;
}

/** Of every sink's name, before its epoch. */
export const SINK_NAME_PREFIX = 'crypto-candles-';

/**
 * The connector that lands the candle topic. Throws on settings that would lose rows or show a secret.
 *
 * @param epoch names one life of the candle topic: another one whenever its offsets begin anew, as in a new cluster. 4 to
 * 32 lower-case letters and digits
 */
export function candleSink({
  epoch,
  ...settings
}: CandleSinkSettings & { readonly epoch: string }): CandleSink {
  if (!/^[a-z0-9]{4,32}$/.test(epoch)) {
    throw new Error(`expected an epoch of 4 to 32 lower-case letters and digits, got "${epoch}"`);
  }
  const { database, schema, table } = settings.snowflake;
  return {
    name: `${SINK_NAME_PREFIX}${epoch}`,
    topics: settings.topics,
    landingTable: `${database}.${schema}.${table}`,
    config: candleSinkConfig(settings),
  };
}

/** The configuration alone, which is the same in each epoch; for who learns the epoch later. */
export function candleSinkConfig({
  topics,
  snowflake,
  tasks,
  flushSeconds,
}: CandleSinkSettings): CandleSink['config'] {
  return {
    'connector.class': 'com.snowflake.kafka.connector.SnowflakeSinkConnector',
    'tasks.max': String(tasks),
    topics: topics.candles,
    'snowflake.topic2table.map': `${topics.candles}:${snowflake.table}`,

    'snowflake.url.name': snowflake.url,
    'snowflake.user.name': snowflake.user,
    'snowflake.private.key': referenceText(snowflake.privateKey),
    'snowflake.role.name': snowflake.role,
    'snowflake.database.name': snowflake.database,
    'snowflake.schema.name': snowflake.schema,
    'config.action.reload': 'none',

    'snowflake.ingestion.method': 'SNOWPIPE_STREAMING',
    'snowflake.enable.schematization': 'false',
    'snowflake.streaming.max.client.lag': String(flushSeconds),
    'snowflake.streaming.enable.single.buffer': 'false',
    'buffer.flush.time': String(flushSeconds),
    'buffer.count.records': '10000',
    'buffer.size.bytes': '5000000',
    'enable.streaming.channel.offset.migration': 'false',
    'enable.task.fail.on.authorization.errors': 'true',
    jmx: 'false',

    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',

    'errors.tolerance': 'all',
    'errors.log.enable': 'true',
    'errors.log.include.messages': 'false',
    'errors.deadletterqueue.topic.name': topics.deadLetter,
    'errors.deadletterqueue.context.headers.enable': 'true',
  };
}

/** Shorter than any private key, longer than any name. */
const MOST_CHARACTERS = 512;

function referenceText({ provider, path, key }: SecretReference): string {
  const isName = key.length <= MOST_CHARACTERS && !/^(MI|-----BEGIN)/.test(key);
  if (isName && /^\w+$/.test(provider) && /^[^:{}]+$/.test(path)) return `\${${provider}:${path}:${key}}`;
  throw new Error(
    "expected a reference to the private key that the worker's config provider resolves, as ${directory:/folder:file}, " +
      'got something else, which is not shown here: give the reference, not the key',
  );
}
