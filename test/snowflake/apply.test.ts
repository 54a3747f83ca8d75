import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import { setupStatements } from '#snowflake/setup-statements.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();
const publicKeys = { loader: { key }, transformer: { key }, reader: { key } };
const statements = await setupStatements(publicKeys);

test('every statement runs in order, and is reported with its place', async () => {
  const { ran, said, done } = await apply(() => true);
  expect(ran).toEqual(statements.map(({ sql }) => sql));
  expect(said).toHaveLength(statements.length);
  expect(said[0]).toMatch(/^ok {5}snowflake\/010_roles\.sql:2 USE ROLE USERADMIN \(\d+ ms\)$/);
  expect(done).toMatchObject({ statements: statements.length });
});

test('a statement that fails ends the run, and is named by file, line, text and the reason for it', async () => {
  const { ran, said, failure } = await apply((sql) => !sql.includes('RAW.ARCHIVE_FILES'));
  const failing = statements[ran.length - 1];
  expect(failing?.file).toBe('snowflake/040_landing.sql');
  expect(failure).toContain(
    `snowflake/040_landing.sql:${failing?.line}: expected the warehouse to run\nCREATE TABLE`,
  );
  expect(failure).toContain('GRANULARITY VARCHAR');
  expect(failure).toContain('got: 003001 not authorized;');
  expect(said.at(-1)).toMatch(/^FAILED snowflake\/040_landing\.sql:\d+ CREATE TABLE IF NOT EXISTS/);
  expect(said.filter((line) => line.startsWith('FAILED'))).toHaveLength(1);
});

/** Against a warehouse that refuses what `accepts` does not take. */
async function apply(accepts: (sql: string) => boolean) {
  const ran: string[] = [];
  const said: string[] = [];
  const warehouse = {
    execute: (sql: string) => {
      ran.push(sql);
      return accepts(sql) ? Promise.resolve([]) : Promise.reject(new Error('003001 not authorized'));
    },
  };
  try {
    const done = await applySnowflakeSetup(warehouse, { publicKeys, say: (line) => said.push(line) });
    return { ran, said, done, failure: '' };
  } catch (error) {
    return { ran, said, done: undefined, failure: String(error) };
  }
}
