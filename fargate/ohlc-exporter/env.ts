import * as z from 'zod';
import { SYMBOL_PATTERN } from '#domain/candle.ts';
import { EnvironmentError, parseVariables } from '#domain/environment.ts';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC } from '#domain/topics.ts';

/**
 * How Node is started for the exporter. What it lives on is 20 to 40 MB, but Node lets a heap grow to hundreds before it
 * collects: with 1,000 symbols it stood at 460 MB. The limit leaves room for a full queue and a day of holes of all symbols.
 */
export const EXPORTER_NODE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=192'] as const;

/** Which symbols to watch; resolved against the exchange's own list, and again every hour. */
export type SymbolSpec =
  | { readonly kind: 'list'; readonly symbols: readonly string[] }
  /** The `count` largest by 24 h quote volume among those quoted in `quoteAsset`. */
  | { readonly kind: 'top'; readonly count: number; readonly quoteAsset: string }
  | { readonly kind: 'all'; readonly quoteAsset: string };

type KafkaAddress =
  | { readonly kind: 'brokers'; readonly brokers: readonly string[] }
  /** The brokers are asked of MSK at start. */
  | { readonly kind: 'msk'; readonly clusterArn: string };

export interface ExporterConfig {
  readonly webSocketUrls: readonly string[];
  readonly restUrls: readonly string[];
  readonly symbols: SymbolSpec;
  readonly kafka: KafkaAddress;
  readonly kafkaAuth: 'none' | 'iam';
  /** Signed for where the cluster's ARN names no region. */
  readonly awsRegion: string | undefined;
  readonly topic: string;
  readonly deadLetterTopic: string;
  readonly metricsHost: string;
  readonly metricsPort: number;
  readonly backfillLookbackMs: number;
}

/** The variables this process reads, as the deployment has to set them. */
export type ExporterEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ExporterConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    webSocketUrls: vars.BINANCE_WS_URLS,
    restUrls: vars.BINANCE_REST_URLS,
    symbols: vars.SYMBOLS,
    kafka: kafkaAddress(vars.KAFKA_BROKERS, vars.MSK_CLUSTER_ARN),
    kafkaAuth: vars.KAFKA_AUTH,
    awsRegion: vars.AWS_REGION,
    topic: vars.TOPIC,
    deadLetterTopic: vars.DEAD_LETTER_TOPIC,
    metricsHost: vars.METRICS_HOST,
    metricsPort: vars.METRICS_PORT,
    backfillLookbackMs: vars.BACKFILL_LOOKBACK,
  };
}

function kafkaAddress(brokers: readonly string[] | undefined, clusterArn: string | undefined): KafkaAddress {
  if (brokers && clusterArn) {
    throw new EnvironmentError('KAFKA_BROKERS: expected one of KAFKA_BROKERS and MSK_CLUSTER_ARN, got both');
  }
  if (brokers) return { kind: 'brokers', brokers };
  if (clusterArn) return { kind: 'msk', clusterArn };
  throw new EnvironmentError(
    'KAFKA_BROKERS: expected host:port,… here or a cluster in MSK_CLUSTER_ARN, got neither',
  );
}

const commaList = (value: string) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

const urlList = (protocols: readonly string[]) =>
  z
    .string()
    .transform(commaList)
    .refine((urls) => urls.length > 0 && urls.every((url) => hasProtocol(url, protocols)), {
      error: `expected comma-separated URLs that start with ${protocols.join('// or ')}//`,
    })
    // A path would be ours to choose: /stream and /ws are what the protocol's documents show at the end of a base URL.
    .transform((urls) => urls.map((url) => url.replace(/\/+$/, '').replace(/\/(stream|ws)$/, '')));

function hasProtocol(url: string, protocols: readonly string[]): boolean {
  return URL.canParse(url) && protocols.includes(new URL(url).protocol);
}

const topicName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected a Kafka topic name of letters, digits, . _ -');

const symbolSpec = z.string().transform((value, context): SymbolSpec => {
  const [head, first, second, ...rest] = value.trim().split(':');
  if (
    head === 'top' &&
    /^[1-9]\d{0,4}$/.test(first ?? '') &&
    isAsset(second ?? 'USDT') &&
    rest.length === 0
  ) {
    return { kind: 'top', count: Number(first), quoteAsset: second ?? 'USDT' };
  }
  if (head === 'all' && isAsset(first ?? '') && second === undefined) {
    return { kind: 'all', quoteAsset: first ?? '' };
  }
  const symbols = [...new Set(commaList(value).map((symbol) => symbol.toUpperCase()))];
  if (symbols.length > 0 && symbols.every((symbol) => SYMBOL_PATTERN.test(symbol)))
    return { kind: 'list', symbols };
  context.addIssue({
    code: 'custom',
    message: 'expected a list like BTCUSDT,ETHUSDT or top:N or top:N:QUOTE or all:QUOTE',
  });
  return z.NEVER;
});

const isAsset = (value: string) => /^[A-Z0-9]{1,16}$/.test(value);

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** REST pages hold 1,000 minutes; a week is ten pages a symbol, and what is older belongs to the archive. */
const MAX_LOOKBACK_MS = 7 * UNIT_MS.d;

const lookback = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'expected a duration like 90m, 2h or 1d')
  .transform((value) => Number(value.slice(0, -1)) * UNIT_MS[value.slice(-1) as keyof typeof UNIT_MS]) // the pattern allows no other unit
  .refine((ms) => ms <= MAX_LOOKBACK_MS, { error: 'expected at most 7d' });

const environmentSchema = z.object({
  BINANCE_WS_URLS: urlList(['wss:', 'ws:']).default([
    'wss://data-stream.binance.vision',
    'wss://stream.binance.com:9443',
    'wss://stream.binance.com:443',
  ]),
  BINANCE_REST_URLS: urlList(['https:', 'http:']).default([
    'https://data-api.binance.vision',
    'https://api.binance.com',
  ]),
  SYMBOLS: symbolSpec.default({ kind: 'top', count: 20, quoteAsset: 'USDT' }),
  KAFKA_BROKERS: z
    .string()
    .transform(commaList)
    .refine((brokers) => brokers.length > 0 && brokers.every((broker) => /^[^\s:]+:\d{1,5}$/.test(broker)), {
      error: 'expected comma-separated host:port',
    })
    .optional(),
  MSK_CLUSTER_ARN: z
    .string()
    .regex(/^arn:[^:]+:kafka:/, 'expected the ARN of an MSK cluster')
    .optional(),
  KAFKA_AUTH: z.enum(['none', 'iam'], { error: 'expected none or iam' }).default('none'),
  AWS_REGION: z.string().optional(),
  TOPIC: topicName.default(CANDLE_TOPIC),
  DEAD_LETTER_TOPIC: topicName.default(DEAD_LETTER_TOPIC),
  /** Address the health and metrics server listens on; the containers of one task share their loopback. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, { error: 'expected a port of at most 65535' })
    .default(9464),
  BACKFILL_LOOKBACK: lookback.default(2 * UNIT_MS.h),
});
