import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import { connectWarehouse, StatementError } from '#snowflake/connection.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { publicKeysOf, startWarehouse } from '#test/local/start-emulator.ts';
import type { Emulator } from '#test/local/start-emulator.ts';

let emulator: Emulator;
let warehouse: ConnectedWarehouse;

beforeAll(async () => {
  emulator = await startWarehouse();
  warehouse = await connectAs(emulator.options, 'admin');
});

afterAll(async () => {
  await warehouse[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
});

test('the landing tables have the columns that everybody counts on', async () => {
  expect(await landingColumns()).toEqual({
    CANDLES_STREAM: 'RECORD_METADATA RECORD_CONTENT',
    CANDLES_ARCHIVE:
      'EXCHANGE SYMBOL CANDLE_INTERVAL OPEN_TIME CLOSE_TIME OPEN_PRICE HIGH_PRICE LOW_PRICE CLOSE_PRICE ' +
      'BASE_VOLUME QUOTE_VOLUME TAKER_BUY_BASE_VOLUME TAKER_BUY_QUOTE_VOLUME TRADES SOURCE SOURCE_FILE ' +
      'FILE_SHA256 LOADED_AT',
    ARCHIVE_FILES:
      'FILE_NAME EXCHANGE SYMBOL GRANULARITY FIRST_OPEN_TIME LAST_OPEN_TIME FILE_SHA256 ROW_COUNT LOADED_AT',
    ABSENT_MINUTES: 'EXCHANGE SYMBOL OPEN_TIME ASKED CHECKED_AT',
    EXCHANGE_SYMBOLS: 'EXCHANGE SYMBOL STATUS BASE_ASSET QUOTE_ASSET FETCHED_AT',
  });
});

test('a second run changes nothing, rows included', async () => {
  await warehouse.execute("insert into raw.absent_minutes values ('binance', 'BTCUSDT', ?, 'rest', ?)", [
    '2025-10-29 04:22:00.000',
    '2025-10-29 05:00:00.123',
  ]);
  const before = await landingColumns();
  await applySnowflakeSetup(warehouse, { publicKeys: publicKeysOf(emulator), say: () => undefined });
  expect(await landingColumns()).toEqual(before);
  expect(await warehouse.execute('select * from raw.absent_minutes')).toEqual([
    {
      EXCHANGE: 'binance',
      SYMBOL: 'BTCUSDT',
      OPEN_TIME: '2025-10-29T04:22:00.000Z',
      ASKED: 'rest',
      CHECKED_AT: '2025-10-29T05:00:00.123Z',
    },
  ]);
});

test('no digit is lost on the way, and times are instants in UTC', async () => {
  const sql = `
    select 12345678901234567890.123456789012345678::number(38, 18) as price, 0.1::number(38, 18) as tenth,
      9007199254740993::number(38, 0) as big, 42 as small, 1.5::float as float, true as yes, null as nothing,
      '2025-01-02 03:04:05.678'::timestamp_ntz(3) as instant, '2025-01-02'::date as day, 'a''b' as text,
      parse_json('{"price":"1.10"}') as document, count(*) as counted, 'again' as text`;
  const { columns, rows } = await warehouse.query(sql);
  expect(rows).toEqual([
    {
      PRICE: '12345678901234567890.123456789012345678',
      TENTH: '0.100000000000000000',
      BIG: '9007199254740993',
      SMALL: 42,
      FLOAT: 1.5,
      YES: true,
      NOTHING: null,
      INSTANT: '2025-01-02T03:04:05.678Z',
      DAY: '2025-01-02',
      TEXT: "a'b",
      DOCUMENT: '{"price":"1.10"}',
      COUNTED: 1,
      TEXT_2: 'again',
    },
  ]);
  expect(columns.filter(({ isNumber }) => isNumber).map(({ name }) => name)).toEqual([
    'PRICE',
    'TENTH',
    'BIG',
    'SMALL',
    'FLOAT',
    'COUNTED',
  ]);
});

test('binds are values, never SQL, and a list of lists inserts them all', async () => {
  const rows = [
    ["b'; drop table raw.exchange_symbols; --", 'A', 'TRADING', null, 'USDT', '2025-01-01 00:00:00.000'],
    ['binance', 'B', 'BREAK', 'B', 'USDT', '2025-01-01 00:00:00.000'],
  ] as const;
  await warehouse.execute('insert into raw.exchange_symbols values (?, ?, ?, ?, ?, ?)', rows);
  const found = await warehouse.execute(
    'select exchange, base_asset from raw.exchange_symbols where symbol = ?',
    ['A'],
  );
  expect(found).toEqual([{ EXCHANGE: "b'; drop table raw.exchange_symbols; --", BASE_ASSET: null }]);
});

test("a refused statement fails with the warehouse's own words, the statement, and who asked", async () => {
  const refused = await warehouse.execute('select * from raw.nothing').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StatementError);
  expect(refused).toMatchObject({ code: '002003', sqlState: '42S02' });
  expect(String(refused)).toContain(`${emulator.url} (user LOCAL_ADMIN, role ACCOUNTADMIN)`);
  expect(String(refused)).toContain('`select * from raw.nothing`');
});

test('a warehouse that is not there is named with its address, the user and the role', async () => {
  const [port = 0] = await freePorts(1);
  const environment = { ...warehouseEnvironment(emulator.options, 'loader'), SNOWFLAKE_PORT: `${port}` };
  const settings = warehouseSettings(parseVariables(z.object(warehouseVariables), environment));
  const refused = connectWarehouse(settings, { loginRetries: 0 }).catch(String);
  expect(await refused).toContain(
    `http://127.0.0.1:${port} (user CRYPTO_LOADER_SERVICE, role CRYPTO_LOADER)`,
  );
  expect(await refused).toContain('ECONNREFUSED');
});

async function landingColumns(): Promise<Record<string, string>> {
  const rows = await warehouse.execute(
    "select table_name, column_name from information_schema.columns where table_schema = 'RAW' order by ordinal_position",
  );
  const tables = Map.groupBy(rows, (row) => String(row['TABLE_NAME']));
  const named = [...tables].map(([name, columns]) => [
    name,
    columns.map((column) => column['COLUMN_NAME']).join(' '),
  ]);
  return Object.fromEntries(named) as Record<string, string>; // of pairs of strings
}
