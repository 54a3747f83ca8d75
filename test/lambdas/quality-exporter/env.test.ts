import { expect, test } from 'vitest';
import { parseEnvironment } from '#lambdas/quality-exporter/env.ts';

const GOOD = {
  REMOTE_WRITE_URL: 'https://aps.example/workspaces/ws-1/api/v1/remote_write',
  REMOTE_WRITE_AUTH: 'sigv4',
  AWS_REGION: 'eu-west-1',
  SNOWFLAKE_ACCOUNT: 'org-account',
  SNOWFLAKE_USER: 'CRYPTO_READER_SERVICE',
  SNOWFLAKE_PRIVATE_KEY: 'MIIE',
  SNOWFLAKE_ROLE: 'CRYPTO_READER',
  SNOWFLAKE_WAREHOUSE: 'CRYPTO_READING',
};

test('a complete environment becomes the configuration', () => {
  expect(parseEnvironment(GOOD)).toMatchObject({
    remoteWriteUrl: new URL(GOOD.REMOTE_WRITE_URL),
    auth: { kind: 'sigv4', region: 'eu-west-1' },
    warehouse: {
      host: 'org-account.snowflakecomputing.com',
      role: 'CRYPTO_READER',
      database: 'CRYPTO_MARKET',
    },
  });
});

test.each(['REMOTE_WRITE_URL', 'AWS_REGION', 'SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_PRIVATE_KEY', 'SNOWFLAKE_ROLE'])(
  'without %s it stops, and names it',
  (name) => {
    expect(() => parseEnvironment({ ...GOOD, [name]: '' })).toThrow(new RegExp(`^${name}: `));
  },
);
