import { describe, expect, test } from 'vitest';
import { parseEnvironment } from '#fargate/ohlc-exporter/env.ts';

const KAFKA = { KAFKA_BROKERS: '127.0.0.1:9092' };

test('everything but the brokers has a default: the hosts that serve market data only, the twenty largest symbols', () => {
  expect(parseEnvironment(KAFKA)).toEqual({
    webSocketUrls: [
      'wss://data-stream.binance.vision',
      'wss://stream.binance.com:9443',
      'wss://stream.binance.com:443',
    ],
    restUrls: ['https://data-api.binance.vision', 'https://api.binance.com'],
    symbols: { kind: 'top', count: 20, quoteAsset: 'USDT' },
    kafka: { kind: 'brokers', brokers: ['127.0.0.1:9092'] },
    kafkaAuth: 'none',
    topic: 'candles-1m',
    deadLetterTopic: 'candles-1m-dead-letter',
    metricsHost: '127.0.0.1',
    metricsPort: 9464,
    backfillLookbackMs: 7_200_000,
  });
});

describe('SYMBOLS', () => {
  test.each([
    ['BTCUSDT, ethusdt,BTCUSDT', { kind: 'list', symbols: ['BTCUSDT', 'ETHUSDT'] }],
    ['币安人生USDT', { kind: 'list', symbols: ['币安人生USDT'] }],
    ['top:5', { kind: 'top', count: 5, quoteAsset: 'USDT' }],
    ['top:5:BTC', { kind: 'top', count: 5, quoteAsset: 'BTC' }],
    ['all:USDT', { kind: 'all', quoteAsset: 'USDT' }],
  ])('%s is understood', (SYMBOLS, symbols) => {
    expect(parseEnvironment({ ...KAFKA, SYMBOLS }).symbols).toEqual(symbols);
  });
});

test('URLs are taken in their order, with or without the path that Binance documents', () => {
  const config = parseEnvironment({
    ...KAFKA,
    BINANCE_WS_URLS: 'ws://127.0.0.1:1/stream, ws://127.0.0.1:2/',
    BINANCE_REST_URLS: 'http://127.0.0.1:1/',
  });
  expect(config.webSocketUrls).toEqual(['ws://127.0.0.1:1', 'ws://127.0.0.1:2']);
  expect(config.restUrls).toEqual(['http://127.0.0.1:1']);
});

test('a cluster can be named in place of its brokers', () => {
  const MSK_CLUSTER_ARN = 'arn:aws:kafka:eu-west-1:123456789012:cluster/candles/abc';
  expect(parseEnvironment({ MSK_CLUSTER_ARN, KAFKA_AUTH: 'iam', KAFKA_BROKERS: '' })).toMatchObject({
    kafka: { kind: 'msk', clusterArn: MSK_CLUSTER_ARN },
    kafkaAuth: 'iam',
  });
});

test.each([
  [
    'BINANCE_WS_URLS',
    'http://example.com',
    /expected comma-separated URLs that start with wss:\/\/ or ws:\/\//,
  ],
  ['BINANCE_WS_URLS', ',', /expected comma-separated URLs/],
  ['BINANCE_REST_URLS', 'data-api.binance.vision', /https:\/\/ or http:\/\//],
  ['SYMBOLS', 'top:0', /expected a list like/],
  ['SYMBOLS', 'top:5:usdt', /expected a list like/],
  ['SYMBOLS', 'all:', /expected a list like/],
  ['SYMBOLS', 'BTC/USDT', /expected a list like/],
  ['KAFKA_BROKERS', 'localhost', /expected comma-separated host:port/],
  ['KAFKA_AUTH', 'scram', /expected none or iam/],
  ['MSK_CLUSTER_ARN', 'my-cluster', /expected the ARN/],
  ['TOPIC', 'a topic', /expected a Kafka topic name/],
  ['DEAD_LETTER_TOPIC', 'x'.repeat(250), /expected a Kafka topic name/],
  ['METRICS_PORT', '70000', /expected a port of at most 65535/],
  ['METRICS_PORT', 'http', /expected a port number/],
  ['BACKFILL_LOOKBACK', '55', /expected a duration like 90m/],
  ['BACKFILL_LOOKBACK', '8d', /expected at most 7d/],
])('a bad %s is named with what was expected and got: %s', (name, value, message) => {
  const env = { ...KAFKA, [name]: value };
  expect(() => parseEnvironment(env)).toThrow(message);
  expect(() => parseEnvironment(env)).toThrow(new RegExp(`^${name}: .*, got "`));
});

test('every bad variable is told at once, and no brokers or both kinds are too', () => {
  expect(() => parseEnvironment({ ...KAFKA, METRICS_PORT: 'x', BACKFILL_LOOKBACK: 'y' })).toThrow(
    /METRICS_PORT: .*\nBACKFILL_LOOKBACK: /,
  );
  expect(() => parseEnvironment({})).toThrow(/^KAFKA_BROKERS: .*got neither/);
  expect(() =>
    parseEnvironment({ ...KAFKA, MSK_CLUSTER_ARN: 'arn:aws:kafka:eu-west-1:1:cluster/a/b' }),
  ).toThrow(/^KAFKA_BROKERS: .*got both/);
});
