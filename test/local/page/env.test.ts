import { expect, test } from 'vitest';
import { parseEnv } from '#local/page/env.ts';

const GOOD = {
  PORT: '18800',
  PROMETHEUS_URL: 'http://127.0.0.1:18804',
  EXPORTER_URL: 'http://127.0.0.1:18805',
  ALERTMANAGER_URL: 'http://127.0.0.1:18810',
  STATE_FILE: '.local/state.json',
  WAREHOUSE: 'off',
};

const BATCH = {
  WAREHOUSE: 'on',
  DBT_ARTIFACTS: '.local/live/dbt-artifacts',
  SNOWFLAKE_ACCOUNT: 'local',
  SNOWFLAKE_USER: 'CRYPTO_READER_SERVICE',
  SNOWFLAKE_PRIVATE_KEY: 'MIIE',
  SNOWFLAKE_ROLE: 'CRYPTO_READER',
};

test('a whole environment is taken', () => {
  const { WAREHOUSE: _, ...rest } = GOOD;
  expect(parseEnv(GOOD)).toEqual({ ...rest, PORT: 18_800, batch: undefined });
  expect(parseEnv({ ...GOOD, ...BATCH }).batch).toMatchObject({
    artifacts: '.local/live/dbt-artifacts',
    warehouse: { account: 'local', role: 'CRYPTO_READER' },
  });
});

test.each(['DBT_ARTIFACTS', 'SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_PRIVATE_KEY', 'SNOWFLAKE_ROLE'])(
  'with the warehouse and without %s it stops, and names it',
  (name) => {
    expect(() => parseEnv({ ...GOOD, ...BATCH, [name]: '' })).toThrow(new RegExp(`^${name}: `));
  },
);

test.each([
  ['PORT', 'http', 'expected a port number, got "http"'],
  ['PORT', '65536', 'expected a port number up to 65535'],
  ['PROMETHEUS_URL', 'file:///etc/passwd', 'expected an http:// or https:// address'],
  ['ALERTMANAGER_URL', '127.0.0.1:18810', 'expected an http:// or https:// address'],
  ['EXPORTER_URL', '127.0.0.1:18805', 'expected an http:// or https:// address'],
  ['STATE_FILE', undefined, 'expected the path of the state file, got nothing'],
  ['WAREHOUSE', undefined, 'expected on or off, got nothing'],
  ['PORT', undefined, 'expected a port number, got nothing'],
])('%s = %s stops the page with its name', (name, value, words) => {
  expect(() => parseEnv({ ...GOOD, [name]: value })).toThrow(`${name}: ${words}`);
});
