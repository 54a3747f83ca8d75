import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectAs } from '#local/snowflake/connect-as.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { ODD_TEXTS } from '#test/faults/fuzz/odd-values.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import type { Emulator } from '#test/local/start-emulator.ts';

const stack = new AsyncDisposableStack();
let emulator: Emulator;
let reader: ConnectedWarehouse;
let transformer: ConnectedWarehouse;

beforeAll(async () => {
  emulator = stack.use(await startWarehouse());
  transformer = stack.use(await connectAs(emulator.options, 'transformer'));
  await transformer.execute('create or replace table marts.prices (symbol varchar, price number(38, 18))');
  await transformer.execute("insert into marts.prices values ('BTCUSDT', 1.5)");
  await transformer.execute('create or replace table marts.texts (id number(38, 0), value varchar)');
  reader = stack.use(await connectAs(emulator.options, 'reader'));
});
afterAll(() => stack.disposeAsync());

const everything = () => transformer.execute('select symbol, price from marts.prices');

/** The warehouse's own words, as against a connection that was lost. */
const REFUSAL =
  /, got: .*(?:privilege|not authorized|not assigned|does not support|does not exist|compilation error|syntax error)/is;

const WRITES = [
  "insert into marts.prices values ('X', 1)",
  'update marts.prices set price = 0',
  'delete from marts.prices',
  'truncate table marts.prices',
  'drop table marts.prices',
  'drop schema marts',
  'alter table marts.prices rename to marts.gone',
  'create table marts.mine (a int)',
  'create or replace table marts.prices (a int)',
  'create view marts.mine as select 1 as a',
  "merge into marts.prices t using (select 'BTCUSDT' as s) u on t.symbol = u.s when matched then delete",
  'grant all on schema marts to role crypto_reader',
  'use role accountadmin',
  'use role crypto_loader',
  'select 1; delete from marts.prices',
  'select 1 /* */ ; -- \n delete from marts.prices',
  'create user mine',
  'call something()',
] as const;

/** What the database beneath the emulator could do, and Snowflake can't. */
const ESCAPES = [
  "select * from read_text('/etc/passwd')",
  "select * from read_csv('/etc/passwd')",
  "select * from '/etc/passwd'",
  "select * from glob('/etc/*')",
  "select getenv('HOME')",
  "copy (select 1) to 'FOLDER/escaped.csv'",
  "copy marts.prices to 'FOLDER/escaped.csv'",
  "attach 'FOLDER/escaped.db'",
  "export database 'FOLDER/escaped'",
  'install httpfs',
  "load '/tmp/extension'",
  'pragma database_list',
  "set memory_limit = '1MB'",
  'checkpoint',
] as const;

test.for(WRITES)('the reader is refused `%s`, and nothing has changed', async (sql) => {
  const before = await everything();
  await expect(reader.execute(sql)).rejects.toThrow(REFUSAL);
  expect(await everything()).toEqual(before);
});

test.for(ESCAPES)('the reader does not get beyond the warehouse by `%s`', async (sql) => {
  const { folder } = emulator.options;
  await expect(reader.execute(sql.replace('FOLDER', folder))).rejects.toThrow(REFUSAL);
  expect(['escaped.csv', 'escaped.db', 'escaped'].filter((name) => existsSync(join(folder, name)))).toEqual(
    [],
  );
});

test('text that is bound stays text, whatever it would mean in a statement', async () => {
  const before = await everything();
  const texts = ODD_TEXTS.filter((text) => !text.includes('\u0000') && text.isWellFormed());
  expect(texts.length).toBeGreaterThan(20);
  await transformer.execute(
    'insert into marts.texts values (?, ?)',
    texts.map((text, id) => [id, text]),
  );
  const rows = await reader.execute('select value from marts.texts order by id');
  expect(rows.map((row) => row['VALUE'])).toEqual([...texts]);
  for (const [id, text] of texts.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const [found] = await reader.execute('select count(*) as n from marts.texts where id = ? and value = ?', [
      id,
      text,
    ]);
    expect(Number(found?.['N']), JSON.stringify(text)).toBe(1);
  }
  expect(await everything()).toEqual(before);
});
