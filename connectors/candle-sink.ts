/** What differs from one place to another; everything else of the sink is the same everywhere. */
export interface CandleSinkSettings {
  /**
   * Names one life of the candle topic: another one whenever its offsets begin anew, as in a new cluster. 4 to 32 lower-case
   * letters and digits.
   */
  readonly epoch: string;
  readonly topics: { readonly candles: string; readonly deadLetter: string };
  readonly snowflake: {
    /** `https://<account>.snowflakecomputing.com:443`, or the address of the emulator. */
    readonly url: string;
    readonly user: string;
    /** A reference that the worker resolves, `${provider:path:key}`, to a key in PKCS8. Never the key itself. */
    readonly privateKey: string;
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

export interface CandleSink {
  readonly name: string;
  readonly topics: CandleSinkSettings['topics'];
  /** With its database and schema. */
  readonly landingTable: string;
  /** As `PUT /connectors/<name>/config` and MSK Connect's `connectorConfiguration` take it. */
  readonly config: Readonly<Record<string, string>>;
}

/** The connector that lands the candle topic. Throws on settings that would lose rows or show a secret. */
export function candleSink({
  epoch,
  topics,
  snowflake,
  tasks,
  flushSeconds,
}: CandleSinkSettings): CandleSink {
  if (!/^[a-z0-9]{4,32}$/.test(epoch)) {
    throw new Error(`expected an epoch of 4 to 32 lower-case letters and digits, got "${epoch}"`);
  }
  if (!/^\$\{[^${}]+\}$/.test(snowflake.privateKey)) {
    throw new Error(
      "expected a reference to the private key that the worker's config provider resolves, as ${directory:/folder:file}, " +
        'got something else, which is not shown here: give the reference, not the key',
    );
  }
  return {
    name: `crypto-candles-${epoch}`,
    topics,
    landingTable: `${snowflake.database}.${snowflake.schema}.${snowflake.table}`,
    config: {
      'connector.class': 'com.snowflake.kafka.connector.SnowflakeSinkConnector',
      'tasks.max': String(tasks),
      topics: topics.candles,
      'snowflake.topic2table.map': `${topics.candles}:${snowflake.table}`,

      'snowflake.url.name': snowflake.url,
      'snowflake.user.name': snowflake.user,
      'snowflake.private.key': snowflake.privateKey,
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
    },
  };
}
