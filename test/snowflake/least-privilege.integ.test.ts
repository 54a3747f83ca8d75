import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectAs } from '#local/snowflake/connect-as.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import type { Emulator } from '#test/local/start-emulator.ts';

const ROLES = ['loader', 'transformer', 'reader'] as const;

let emulator: Emulator;
const as = new Map<(typeof ROLES)[number], ConnectedWarehouse>();

beforeAll(async () => {
  emulator = await startWarehouse();
  for (const role of ROLES) as.set(role, await connectAs(emulator.options, role));
  await run('loader', "insert into raw.absent_minutes (symbol) values ('BTCUSDT')");
  await run('transformer', 'create or replace view staging.absent as select * from raw.absent_minutes');
  await run('transformer', 'create or replace table marts.absent as select * from staging.absent');
  await run('transformer', 'create or replace view marts.absent_view as select * from marts.absent');
});

afterAll(async () => {
  for (const warehouse of as.values()) await warehouse[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
});

describe.for([
  [
    'loader',
    [
      'select count(*) from raw.candles_archive',
      "insert into raw.archive_files (file_name) values ('x')",
      'insert into raw.absent_minutes (symbol) select symbol from raw.absent_minutes',
      'select * from marts.absent',
      'describe table raw.candles_stream',
    ],
  ],
  [
    'transformer',
    [
      'select count(*) from raw.candles_stream',
      'create or replace table staging.t (a int)',
      'insert into staging.t values (1)',
      'update staging.t set a = 2',
      'merge into staging.t using (select 2 as a) s on t.a = s.a when matched then update set a = 3',
      'delete from staging.t',
      'alter table staging.t rename to staging.u',
      'drop table staging.u',
      'create or replace table marts.absent as select * from staging.absent',
    ],
  ],
  [
    'reader',
    ['select * from marts.absent', 'select * from marts.absent_view', 'show tables in schema marts'],
  ],
] as const)('the %s does its work', ([role, statements]) => {
  test.for(statements)('%s', async (sql) => {
    await expect(run(role, sql)).resolves.toBeDefined();
  });
});

describe.for([
  [
    'transformer',
    [
      "insert into raw.candles_archive (symbol) values ('X')",
      "update raw.candles_archive set symbol = 'X'",
      'delete from raw.candles_stream',
      'truncate table raw.candles_stream',
      'drop table raw.candles_stream',
      'create or replace table raw.candles_stream (a int)',
      'create or replace table raw.candles_archive as select 1 as a',
      'create table raw.other (a int)',
      'alter table raw.candles_stream add column a int',
      'alter table raw.candles_stream rename to raw.old',
      'drop schema raw',
      'drop database crypto_market',
      'grant insert on table raw.candles_stream to role crypto_transformer',
      'grant select on table marts.absent to role public',
    ],
  ],
  [
    'loader',
    [
      "update raw.archive_files set file_name = 'y'",
      'delete from raw.archive_files',
      'truncate table raw.candles_archive',
      'drop table raw.candles_stream',
      'create or replace table raw.candles_stream (a int)',
      'create table marts.other (a int)',
      "insert into marts.absent (symbol) values ('X')",
      'drop table marts.absent',
      'create or replace table marts.absent (a int)',
      'select * from staging.absent',
    ],
  ],
  [
    'reader',
    [
      'select * from raw.candles_archive',
      'select * from staging.absent',
      "insert into marts.absent (symbol) values ('X')",
      'create table marts.other (a int)',
      'create or replace view marts.absent_view as select 1 as a',
      'drop table marts.absent',
      "insert into raw.absent_minutes (symbol) values ('X')",
    ],
  ],
] as const)('the %s is refused what is not its work', ([role, statements]) => {
  test.for(statements)('%s', async (sql) => {
    // as Snowflake words both kinds: an object that it hides, and a right that is missing
    await expect(run(role, sql)).rejects.toThrow(/not authorized|Insufficient privileges/i);
  });
});

test('nobody becomes an administrator', async () => {
  for (const role of ROLES) {
    for (const admin of ['ACCOUNTADMIN', 'SYSADMIN', 'SECURITYADMIN', 'USERADMIN']) {
      await expect(run(role, `use role ${admin}`), `${role} as ${admin}`).rejects.toThrow(admin);
    }
  }
});

test('D4 no program may drop, replace, empty or rename a landing table, whichever it is', async () => {
  const tables = await run('loader', 'show tables in schema raw');
  expect(tables.length).toBeGreaterThanOrEqual(5);
  for (const { name } of tables) {
    for (const role of ROLES) {
      for (const sql of [
        `drop table raw.${String(name)}`,
        `create or replace table raw.${String(name)} (a int)`,
        `create or replace table raw.${String(name)} as select 1 as a`,
        `truncate table raw.${String(name)}`,
        `delete from raw.${String(name)}`,
        `alter table raw.${String(name)} rename to raw.away`,
      ])
        await expect(run(role, sql), `${role}: ${sql}`).rejects.toThrow(
          /not authorized|Insufficient privileges/i,
        );
    }
  }
  expect(await run('loader', 'show tables in schema raw')).toHaveLength(tables.length);
});

test('what was landed and made is still there after all that', async () => {
  expect(await run('loader', 'select count(*) as n from raw.archive_files')).toEqual([{ N: 1 }]);
  expect(await run('reader', 'select symbol from marts.absent')).toEqual([
    { SYMBOL: 'BTCUSDT' },
    { SYMBOL: 'BTCUSDT' },
  ]);
});

async function run(role: (typeof ROLES)[number], sql: string) {
  const warehouse = as.get(role);
  if (warehouse === undefined) throw new Error(`expected a connection as ${role}, got none`);
  return warehouse.execute(sql);
}
