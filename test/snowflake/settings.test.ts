import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import { connectWarehouse } from '#snowflake/connection.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';

const NEEDED = {
  SNOWFLAKE_ACCOUNT: 'org-account',
  SNOWFLAKE_USER: 'CRYPTO_READER_SERVICE',
  SNOWFLAKE_ROLE: 'CRYPTO_READER',
  SNOWFLAKE_PRIVATE_KEY: 'secret-key-material',
};

function settingsFrom(env: Readonly<Record<string, string | undefined>>) {
  return warehouseSettings(parseVariables(z.object(warehouseVariables), env));
}

test('an account, a user, a role and a key are enough', () => {
  expect(settingsFrom(NEEDED)).toEqual({
    account: 'org-account',
    host: 'org-account.snowflakecomputing.com',
    port: 443,
    protocol: 'https',
    user: 'CRYPTO_READER_SERVICE',
    role: 'CRYPTO_READER',
    privateKey: { kind: 'key', key: 'secret-key-material' },
    warehouse: undefined,
    database: 'CRYPTO_MARKET',
  });
});

test('every variable that is missing is named at once', () => {
  expect(() => settingsFrom({})).toThrow(
    /^SNOWFLAKE_ACCOUNT: expected .*, got nothing\nSNOWFLAKE_USER: .*\nSNOWFLAKE_ROLE: .*$/,
  );
});

test.for([
  [{ SNOWFLAKE_PRIVATE_KEY: '' }, /got neither/],
  [
    { SNOWFLAKE_PRIVATE_KEY_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x' },
    /got both/,
  ],
  [
    { SNOWFLAKE_PRIVATE_KEY: '', SNOWFLAKE_PRIVATE_KEY_SECRET_ARN: 'my-secret' },
    /_SECRET_ARN: expected the ARN/,
  ],
  [{ SNOWFLAKE_HOST: 'https://x.snowflakecomputing.com' }, /SNOWFLAKE_HOST: expected a host name/],
  [{ SNOWFLAKE_PORT: '70000' }, /SNOWFLAKE_PORT: expected a port from 1 to 65535, got "70000"/],
  [{ SNOWFLAKE_PROTOCOL: 'ftp' }, /SNOWFLAKE_PROTOCOL: expected https or http, got "ftp"/],
  [{ SNOWFLAKE_ROLE: 'A; DROP' }, /SNOWFLAKE_ROLE: expected a name/],
] as const)('%o is refused', ([change, message]) => {
  expect(() => settingsFrom({ ...NEEDED, ...change })).toThrow(message);
});

const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

test.for([
  ['nonsense', 'expected an unencrypted private key in PKCS8'],
  [small.export({ type: 'pkcs8', format: 'pem' }).toString(), 'at least 2048 bits, got rsa of 1024'],
  [elliptic.export({ type: 'pkcs8', format: 'der' }).toString('base64'), 'expected an RSA key'],
] as const)('a key that is none is refused without being shown, %#', async ([key, message]) => {
  const refused = connectWarehouse(settingsFrom({ ...NEEDED, SNOWFLAKE_PRIVATE_KEY: key })).catch(String);
  expect(await refused).toContain(`SNOWFLAKE_PRIVATE_KEY: `);
  expect(await refused).toContain(message);
  expect(await refused).not.toContain(key.slice(-30));
});
