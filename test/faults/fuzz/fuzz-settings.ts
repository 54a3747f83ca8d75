import { expect } from 'vitest';
import { candleSink } from '#connectors/candle-sink.ts';
import { EnvironmentError } from '#domain/environment.ts';
import { parseEnvironment as archiveLoader } from '#fargate/archive-loader/env.ts';
import { parseEnvironment as metricsForwarder } from '#fargate/metrics-forwarder/env.ts';
import { parseEnvironment as exporter } from '#fargate/ohlc-exporter/env.ts';
import { parseEnvironment as keyAge } from '#lambdas/key-age/env.ts';
import { parseEnvironment as consumer } from '#lambdas/prometheus-consumer/env.ts';
import { parseEnvironment as qualityExporter } from '#lambdas/quality-exporter/env.ts';
import { parseEnvironment as snowflakeSetup } from '#lambdas/snowflake-setup/env.ts';
import { StageError, stageOf } from '#lib/stage/stage-of.ts';
import { STAGES } from '#lib/stages.ts';
import { parseEnvironment as eventSource } from '#local/event-source/env.ts';
import { parseEnv as page } from '#local/page/env.ts';
import { splitStatements } from '#snowflake/split-statements.ts';
import { oddValue } from './odd-values.ts';
import { randomFrom } from './random.ts';
import type { Random } from './random.ts';

/** A key that must not be shown, whatever else is wrong. */
const SECRET = `MIIEvQIBADANBgkqhkiG9w0BAQEFAASC${'PlantedKey'.repeat(40)}`;

const REMOTE_WRITE = {
  REMOTE_WRITE_URL: 'http://127.0.0.1:9090/api/v1/write',
  REMOTE_WRITE_AUTH: 'sigv4',
  AWS_REGION: 'eu-west-1',
};
const WAREHOUSE = {
  SNOWFLAKE_ACCOUNT: 'ORG-ACCOUNT',
  SNOWFLAKE_HOST: '127.0.0.1',
  SNOWFLAKE_PORT: '8080',
  SNOWFLAKE_PROTOCOL: 'http',
  SNOWFLAKE_USER: 'USER',
  SNOWFLAKE_PRIVATE_KEY: SECRET,
  SNOWFLAKE_ROLE: 'ROLE',
  SNOWFLAKE_WAREHOUSE: 'WH',
  SNOWFLAKE_DATABASE: 'DB',
};

/** Every program's reader of its variables, with variables that it takes. */
const PROGRAMS: Readonly<
  Record<string, readonly [(env: Record<string, string>) => unknown, Record<string, string>]>
> = {
  exporter: [
    exporter,
    {
      KAFKA_BROKERS: '127.0.0.1:9092',
      KAFKA_AUTH: 'none',
      SYMBOLS: 'BTCUSDT,ETHUSDT',
      BINANCE_WS_URLS: 'wss://a',
      BINANCE_REST_URLS: 'https://a',
      TOPIC: 'candles-1m',
      DEAD_LETTER_TOPIC: 'dead',
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: '9464',
      BACKFILL_LOOKBACK: '2h',
    },
  ],
  archiveLoader: [
    archiveLoader,
    { ...WAREHOUSE, ARCHIVE_URL: 'https://a', BINANCE_REST_URLS: 'https://a,https://b' },
  ],
  metricsForwarder: [
    metricsForwarder,
    {
      ...REMOTE_WRITE,
      METRICS_URL: 'http://127.0.0.1:9464/metrics',
      SCRAPE_INTERVAL_SECONDS: '30',
      TASK: 't',
    },
  ],
  consumer: [
    consumer,
    { ...REMOTE_WRITE, REJECTED_FOLDER: '/tmp/rejected', HAND_BACK_BY: 'error', METRICS_NAMESPACE: 'm' },
  ],
  qualityExporter: [qualityExporter, { ...REMOTE_WRITE, ...WAREHOUSE }],
  snowflakeSetup: [snowflakeSetup, WAREHOUSE],
  keyAge: [keyAge, { KEY_SECRET_ARNS: 'a,b', SAML_METADATA_URL: 'https://a/b', METRICS_NAMESPACE: 'm' }],
  eventSource: [
    eventSource,
    {
      KAFKA_BROKERS: '127.0.0.1:9092',
      TOPIC: 'candles-1m',
      GROUP_ID: 'g',
      METRICS_PORT: '0',
      BATCH_SIZE: '100',
    },
  ],
  page: [
    page,
    {
      ...WAREHOUSE,
      PORT: '0',
      PROMETHEUS_URL: 'http://127.0.0.1:9090',
      EXPORTER_URL: 'http://127.0.0.1:9464',
      ALERTMANAGER_URL: 'http://127.0.0.1:9093',
      STATE_FILE: '/tmp/state.json',
      WAREHOUSE: 'on',
      DBT_ARTIFACTS: '/tmp/dbt',
    },
  ],
};

/** Each program takes its variables, or says which is wrong, in an error for people that never shows the key. */
export function fuzzEnvironments(rounds: number, seed: number) {
  const random = randomFrom(seed);
  const counts = { taken: 0, refused: 0 };
  for (const [name, [parse, whole]] of Object.entries(PROGRAMS)) {
    parse(whole);
    for (let round = 0; round < rounds; round++) {
      const env = { ...whole };
      for (let change = random.below(3); change >= 0; change--) {
        const key = random.pick(Object.keys(whole) as [string, ...string[]]); // none of them is empty
        if (random.once(5)) delete env[key];
        else if (key !== 'SNOWFLAKE_PRIVATE_KEY') env[key] = oddText(random, whole[key] ?? '');
      }
      try {
        parse(env);
        counts.taken += 1;
      } catch (error) {
        if (!(error instanceof EnvironmentError))
          throw new Error(`${name} of ${JSON.stringify(env)}`, { cause: error });
        expect(error.message).toMatch(/^[A-Z_]+: expected /);
        expect(error.message).not.toContain('PlantedKey');
        counts.refused += 1;
      }
    }
  }
  return counts;
}

/** A stage's settings are taken or refused with all that is wrong, also where they have not even the shape. */
export function fuzzStages(rounds: number, seed: number) {
  const random = randomFrom(seed);
  const counts = { taken: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const settings = structuredClone(STAGES[random.pick(['dev', 'prod'])]) as object; // both are there
    for (let change = random.below(3); change >= 0; change--) putSomewhere(random, settings);
    const context = {
      stage: random.once(10) ? oddValue(random) : 'dev',
      account: random.once(10) ? oddValue(random) : '123456789012',
      snowflakeAccount: random.once(10) ? oddValue(random) : 'ORG-ACCOUNT',
    };
    try {
      stageOf(context, { dev: random.once(20) ? oddValue(random) : settings });
      counts.taken += 1;
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      expect(error.message).toMatch(/expected/);
      counts.refused += 1;
    }
  }
  return counts;
}

/** A sink's configuration holds text only, and no key: where there should be a reference, nothing else is taken or shown. */
export function fuzzConnector(rounds: number, seed: number) {
  const random = randomFrom(seed);
  const counts = { taken: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const odd = (otherwise: string) => (random.once(3) ? oddText(random, otherwise) : otherwise);
    const settings = {
      epoch: odd('ab12cd34'),
      topics: { candles: 'candles-1m', deadLetter: 'dead' },
      tasks: 1,
      flushSeconds: 1,
      snowflake: {
        url: 'https://a:443',
        user: 'U',
        privateKey: {
          provider: odd('secrets'),
          path: odd('eu-west-1'),
          key: random.once(4) ? SECRET : odd('name'),
        },
        role: 'R',
        database: 'D',
        schema: 'S',
        table: 'T',
      },
    };
    try {
      const { config, name } = candleSink(settings);
      const values = Object.values(config);
      expect(values.every((value) => typeof value === 'string')).toBe(true);
      expect(values.filter((value) => value.includes('${')).length).toBe(1);
      expect(config['snowflake.private.key']).toMatch(/^\$\{\w+:[^:{}]+:[\s\S]*\}$/);
      expect(name).toMatch(/^crypto-candles-[a-z0-9]{4,32}$/);
      expect(JSON.stringify(config)).not.toContain('PlantedKey');
      counts.taken += 1;
    } catch (error) {
      if (!(error instanceof Error) || !/^expected (an epoch|a reference)/.test(error.message)) throw error;
      expect(error.message).not.toContain('PlantedKey');
      counts.refused += 1;
    }
  }
  return counts;
}

const SQL = "select 'it''s', \"a;b\", $$x;y$$ -- c;\n from t /* ; */ where a = ?;\nselect 2;";

/** What `npm run sql` is given is cut into statements that lose nothing of it but comments, or refused in words. */
export function fuzzStatements(rounds: number, seed: number) {
  const random = randomFrom(seed);
  const counts = { cut: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const text = oddText(random, SQL);
    try {
      const statements = splitStatements(text);
      let from = 0;
      for (const { sql } of statements) {
        const at = text.indexOf(sql, from);
        expect(at, JSON.stringify(text)).toBeGreaterThanOrEqual(from);
        from = at + sql.length;
      }
      counts.cut += 1;
    } catch (error) {
      if (!(error instanceof Error) || !/^line \d+: expected /.test(error.message)) throw error;
      counts.refused += 1;
    }
  }
  return counts;
}

function oddText(random: Random, whole: string): string {
  if (random.once(2)) return JSON.stringify(oddValue(random)) ?? '';
  const at = random.below(whole.length + 1);
  const put = random.pick([
    "'",
    '"',
    ';',
    '$',
    '{',
    '}',
    ':',
    ',',
    '\n',
    '\u0000',
    '\ud800',
    '--',
    '/*',
    '*/',
    '\\',
    ' ',
    '0',
    '-',
    '..',
    '$$',
    '@',
  ]);
  return whole.slice(0, at) + put + whole.slice(at + random.below(4));
}

/** Replaces, removes or adds something at a random depth. */
function putSomewhere(random: Random, target: object): void {
  const keys = Object.keys(target);
  const key =
    random.once(12) || keys.length === 0
      ? random.pick(Array.isArray(target) ? ['0', '1'] : ['__proto__', 'constructor', 'other'])
      : random.pick(keys as [string, ...string[]]); // not empty here
  const value: unknown = Object.hasOwn(target, key) ? Reflect.get(target, key) : undefined;
  if (typeof value === 'object' && value !== null && !random.once(4)) putSomewhere(random, value);
  else if (random.once(4)) Reflect.deleteProperty(target, key);
  else
    Object.defineProperty(target, key, {
      value: oddValue(random),
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
