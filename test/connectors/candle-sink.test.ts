import { expect, test } from 'vitest';
import { forgetChannelOffsets } from '#connectors/begin-epoch.ts';
import { candleSink, candleSinkConfig } from '#connectors/candle-sink.ts';
import type { CandleSinkSettings } from '#connectors/candle-sink.ts';

const SETTINGS = {
  epoch: 'ab12cd34',
  topics: { candles: 'candles-1m', deadLetter: 'candles-1m-sink-dead-letter' },
  tasks: 6,
  flushSeconds: 10,
  snowflake: {
    url: 'https://org-account.snowflakecomputing.com:443',
    user: 'CRYPTO_LOADER_SERVICE',
    privateKey: { provider: 'secrets', path: 'eu-west-1', key: 'arn:aws:loader' },
    role: 'CRYPTO_LOADER',
    database: 'CRYPTO_MARKET',
    schema: 'RAW',
    table: 'CANDLES_STREAM',
  },
} as const satisfies CandleSinkSettings & { readonly epoch: string };

test('the whole configuration is what was tried, as strings only', () => {
  const { name, landingTable, config } = candleSink(SETTINGS);
  expect(name).toBe('crypto-candles-ab12cd34');
  expect(landingTable).toBe('CRYPTO_MARKET.RAW.CANDLES_STREAM');
  expect(config).toEqual({
    'connector.class': 'com.snowflake.kafka.connector.SnowflakeSinkConnector',
    'tasks.max': '6',
    topics: 'candles-1m',
    'snowflake.topic2table.map': 'candles-1m:CANDLES_STREAM',
    'snowflake.url.name': 'https://org-account.snowflakecomputing.com:443',
    'snowflake.user.name': 'CRYPTO_LOADER_SERVICE',
    'snowflake.private.key': '${secrets:eu-west-1:arn:aws:loader}',
    'snowflake.role.name': 'CRYPTO_LOADER',
    'snowflake.database.name': 'CRYPTO_MARKET',
    'snowflake.schema.name': 'RAW',
    'config.action.reload': 'none',
    'snowflake.ingestion.method': 'SNOWPIPE_STREAMING',
    'snowflake.enable.schematization': 'false',
    'snowflake.streaming.max.client.lag': '10',
    'snowflake.streaming.enable.single.buffer': 'false',
    'buffer.flush.time': '10',
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
    'errors.deadletterqueue.topic.name': 'candles-1m-sink-dead-letter',
    'errors.deadletterqueue.context.headers.enable': 'true',
  });
});

test('another epoch is another connector, with the same configuration', () => {
  const [one, two] = [candleSink(SETTINGS), candleSink({ ...SETTINGS, epoch: 'ef56' })];
  expect(two.name).not.toBe(one.name);
  expect(two.config).toEqual(one.config);
  expect(candleSinkConfig(SETTINGS)).toEqual(one.config);
});

test.for(['', 'abc', 'AB12CD34', 'ab_12', 'a'.repeat(33)])('"%s" is refused as an epoch', (epoch) => {
  expect(() => candleSink({ ...SETTINGS, epoch })).toThrow(
    `expected an epoch of 4 to 32 lower-case letters and digits, got "${epoch}"`,
  );
});

test.for([
  ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw', { key: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw' }],
  ['-----BEGIN PRIVATE KEY-----', { key: '-----BEGIN PRIVATE KEY-----' }],
  ['a text of many letters', { key: 'a text of many letters'.repeat(30) }],
  ['of:another', { path: 'of:another' }],
  ['se}cret', { provider: 'se}cret' }],
] as const)('what is no reference to a private key is refused, and not shown: "%s"', ([shown, wrong]) => {
  const privateKey = { ...SETTINGS.snowflake.privateKey, ...wrong };
  const settings = { ...SETTINGS, snowflake: { ...SETTINGS.snowflake, privateKey } };
  const message = messageOf(() => candleSink(settings));
  expect(message).toContain('give the reference, not the key');
  expect(message).not.toContain(shown);
});

test('a new epoch lets every channel of the landing table forget its offset, and says how many', async () => {
  const ran: string[] = [];
  const execute = async (sql: string) => {
    ran.push(sql);
    return Promise.resolve(sql.startsWith('show') ? [{ name: 'candles-1m_0' }, { name: "o'clock_1" }] : []);
  };
  expect(await forgetChannelOffsets(execute, 'CRYPTO_MARKET.RAW.CANDLES_STREAM')).toBe(2);
  const call = 'select system$snowpipe_streaming_update_channel_offset_token';
  expect(ran).toEqual([
    'show channels in table CRYPTO_MARKET.RAW.CANDLES_STREAM',
    `${call}('CRYPTO_MARKET.RAW.CANDLES_STREAM', 'candles-1m_0', '-1')`,
    `${call}('CRYPTO_MARKET.RAW.CANDLES_STREAM', 'o''clock_1', '-1')`,
  ]);
  await expect(forgetChannelOffsets(() => Promise.resolve([{ channel: 'x' }]), 'T')).rejects.toThrow(
    'expected a column name in each row of SHOW CHANNELS, got channel',
  );
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('expected an error, got none');
}
