import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { setupStatements } from '#snowflake/setup-statements.ts';
import type { SetupStatement } from '#snowflake/setup-statements.ts';

const keys = ['loader', 'transformer', 'reader', 'second'].map(
  () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
);
const [loader = '', transformer = '', reader = '', second = ''] = keys.map((key) =>
  key.export({ type: 'spki', format: 'der' }).toString('base64'),
);
const statements = await setupStatements({
  loader: { key: loader, secondKey: second },
  transformer: { key: transformer },
  reader: { key: reader },
});
const texts = statements.map(({ sql }) => sql.replaceAll(/\s+/g, ' '));

test('the files run in the order of their numbers, and there is something in each', () => {
  expect([...new Set(statements.map(({ file }) => file))]).toEqual([
    'snowflake/010_roles.sql',
    'snowflake/020_warehouses.sql',
    'snowflake/030_database.sql',
    'snowflake/040_landing.sql',
    'snowflake/050_users.sql',
    'snowflake/060_grants.sql',
  ]);
  expect(statements.length).toBeGreaterThan(70);
});

test('the README has a line for each file', () => {
  const readme = readFileSync(join(ROOT, 'snowflake', 'README.md'), 'utf8');
  const named = [...readme.matchAll(/^\| `(\d{3}_\w+\.sql)` \|/gm)].map(([, name]) => `snowflake/${name}`);
  expect(named).toEqual([...new Set(statements.map(({ file }) => file))]);
});

test('every file says first which administrator it runs as', () => {
  const files = Map.groupBy(statements, ({ file }) => file);
  const first = [...files.values()].map(([statement]) => statement?.sql);
  expect(first).toEqual([
    'USE ROLE USERADMIN',
    'USE ROLE SYSADMIN',
    'USE ROLE SYSADMIN',
    'USE ROLE SYSADMIN',
    'USE ROLE USERADMIN',
    'USE ROLE SECURITYADMIN',
  ]);
});

test('every statement is of a kind that a second run goes over unharmed', () => {
  const harmless =
    /^(USE ROLE|CREATE [A-Z ]+ IF NOT EXISTS|ALTER (WAREHOUSE|TABLE|USER|SCHEMA) \S+ (SET|UNSET|ENABLE)|GRANT) /;
  expect(texts.filter((text) => !harmless.test(text))).toEqual([]);
});

test('the keys are filled in, and a second key is unset where there is none', () => {
  expect(texts).toContain(`ALTER USER CRYPTO_LOADER_SERVICE SET RSA_PUBLIC_KEY = '${loader}'`);
  expect(texts).toContain(`ALTER USER CRYPTO_LOADER_SERVICE SET RSA_PUBLIC_KEY_2 = '${second}'`);
  expect(texts).toContain(`ALTER USER CRYPTO_READER_SERVICE SET RSA_PUBLIC_KEY = '${reader}'`);
  expect(texts).toContain('ALTER USER CRYPTO_READER_SERVICE UNSET RSA_PUBLIC_KEY_2');
  expect(texts.filter((text) => text.includes('${'))).toEqual([]);
});

test.for([
  ["x'; DROP DATABASE CRYPTO_MARKET; --"],
  [generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()],
] as const)('what is no RSA key never reaches the SQL, %#', async ([key]) => {
  const given = { loader: { key: loader }, transformer: { key: transformer }, reader: { key } };
  await expect(setupStatements(given)).rejects.toThrow(
    'public key of the reader: expected an RSA public key',
  );
});

test('a PEM is taken for the same key', async () => {
  const pem = keys[2]?.export({ type: 'spki', format: 'pem' }).toString() ?? '';
  const given = { loader: { key: loader }, transformer: { key: transformer }, reader: { key: pem } };
  expect(sqlOf(await setupStatements(given))).toContain(`RSA_PUBLIC_KEY = '${reader}'`);
});

test('all service users have no way in but their key, and live in UTC', () => {
  const users = texts.flatMap(
    (text) => /^CREATE USER IF NOT EXISTS (\S+) TYPE = SERVICE$/.exec(text)?.[1] ?? [],
  );
  expect(users).toEqual(['CRYPTO_LOADER_SERVICE', 'CRYPTO_TRANSFORMER_SERVICE', 'CRYPTO_READER_SERVICE']);
  for (const user of users) {
    const settings = texts.find((text) => text.startsWith(`ALTER USER ${user} SET DEFAULT_ROLE`));
    expect(settings).toContain("TIMEZONE = 'UTC'");
    expect(settings).toContain('DEFAULT_SECONDARY_ROLES = ()');
  }
});

test('every warehouse suspends itself and stands under the resource monitor', () => {
  const names = texts.flatMap((text) => /^CREATE WAREHOUSE IF NOT EXISTS (\S+) /.exec(text)?.[1] ?? []);
  expect(names).toEqual(['CRYPTO_LOADING', 'CRYPTO_TRANSFORMING', 'CRYPTO_READING']);
  for (const name of names) {
    expect(sqlOf(statements)).toMatch(new RegExp(`ALTER WAREHOUSE ${name} SET\\s[^;]*AUTO_SUSPEND = 60`));
    expect(texts).toContain(`ALTER WAREHOUSE ${name} SET RESOURCE_MONITOR = CRYPTO_MONTHLY`);
  }
});

test('the roles of the programs have these rights and no others', () => {
  const rights = texts.flatMap((text) => {
    const [, privileges = '', on = '', role = ''] = /^GRANT (.*) ON (.*) TO ROLE (\S+)$/.exec(text) ?? [];
    return role === '' ? [] : [`${role}: ${privileges} on ${on.replace('CRYPTO_MARKET.', '')}`];
  });
  expect(rights.toSorted()).toEqual(RIGHTS.toSorted());
  expect(texts.filter((text) => text.startsWith('GRANT ROLE ')).toSorted()).toEqual([
    'GRANT ROLE CRYPTO_LOADER TO ROLE SYSADMIN',
    'GRANT ROLE CRYPTO_LOADER TO USER CRYPTO_LOADER_SERVICE',
    'GRANT ROLE CRYPTO_READER TO ROLE CRYPTO_LOADER',
    'GRANT ROLE CRYPTO_READER TO ROLE SYSADMIN',
    'GRANT ROLE CRYPTO_READER TO USER CRYPTO_READER_SERVICE',
    'GRANT ROLE CRYPTO_TRANSFORMER TO ROLE SYSADMIN',
    'GRANT ROLE CRYPTO_TRANSFORMER TO USER CRYPTO_TRANSFORMER_SERVICE',
  ]);
});

/** Nobody has more than SELECT and INSERT in RAW, and nobody but the loader has INSERT. */
const RIGHTS = [
  'CRYPTO_LOADER: USAGE on WAREHOUSE CRYPTO_LOADING',
  'CRYPTO_LOADER: USAGE on DATABASE CRYPTO_MARKET',
  'CRYPTO_LOADER: USAGE on SCHEMA RAW',
  'CRYPTO_LOADER: SELECT, INSERT on ALL TABLES IN SCHEMA RAW',
  'CRYPTO_LOADER: SELECT, INSERT on FUTURE TABLES IN SCHEMA RAW',
  'CRYPTO_LOADER: USAGE on FILE FORMAT RAW.TYPED_PARQUET',
  'CRYPTO_LOADER: READ on STAGE RAW.ARCHIVE_STAGE',
  'CRYPTO_LOADER: WRITE on STAGE RAW.ARCHIVE_STAGE',
  'CRYPTO_TRANSFORMER: USAGE on WAREHOUSE CRYPTO_TRANSFORMING',
  'CRYPTO_TRANSFORMER: USAGE on DATABASE CRYPTO_MARKET',
  'CRYPTO_TRANSFORMER: USAGE on SCHEMA RAW',
  'CRYPTO_TRANSFORMER: SELECT on ALL TABLES IN SCHEMA RAW',
  'CRYPTO_TRANSFORMER: SELECT on FUTURE TABLES IN SCHEMA RAW',
  'CRYPTO_TRANSFORMER: USAGE, CREATE TABLE, CREATE VIEW on SCHEMA STAGING',
  'CRYPTO_TRANSFORMER: USAGE, CREATE TABLE, CREATE VIEW on SCHEMA MARTS',
  'CRYPTO_READER: USAGE on WAREHOUSE CRYPTO_READING',
  'CRYPTO_READER: USAGE on DATABASE CRYPTO_MARKET',
  'CRYPTO_READER: USAGE on SCHEMA MARTS',
  'CRYPTO_READER: SELECT on ALL TABLES IN SCHEMA MARTS',
  'CRYPTO_READER: SELECT on FUTURE TABLES IN SCHEMA MARTS',
  'CRYPTO_READER: SELECT on ALL VIEWS IN SCHEMA MARTS',
  'CRYPTO_READER: SELECT on FUTURE VIEWS IN SCHEMA MARTS',
];

function sqlOf(all: readonly SetupStatement[]): string {
  return all.map(({ sql }) => sql).join(';\n');
}
