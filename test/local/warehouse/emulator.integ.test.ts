import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectAs } from '#local/snowflake/connect-as.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import type { Emulator } from '#test/local/start-emulator.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const COPY = `copy into raw.candles_archive from @raw.archive_stage/day
  file_format = (format_name = 'raw.typed_parquet') match_by_column_name = case_insensitive`;

let emulator: Emulator;
let loader: ConnectedWarehouse;

beforeAll(async () => {
  emulator = await startWarehouse();
  loader = await connectAs(emulator.options, 'loader');
});

afterAll(async () => {
  await loader[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
});

test("Node's SDK puts a typed Parquet file, which comes in once and to the last digit", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'BTCUSDT.parquet');
  const duck = await (await DuckDBInstance.create()).connect();
  await duck.run(`copy (select 'BTCUSDT' as symbol, timestamp '2025-01-01 00:00:00.123' as open_time,
    12345678901234567890.123456789012345678::decimal(38, 18) as close_price) to '${file}' (format parquet)`);
  duck.closeSync();

  const put = await loader.execute(`put file://${file} @raw.archive_stage/day auto_compress = false`);
  expect(put).toMatchObject([{ source: 'BTCUSDT.parquet', status: 'UPLOADED' }]);
  const statuses = [await loader.execute(COPY), await loader.execute(COPY)]
    .flat()
    .map((row) => row['status']);
  expect(statuses).toEqual(['LOADED', 'LOAD_SKIPPED']);
  expect(
    await loader.execute('select symbol, open_time, close_price, exchange from raw.candles_archive'),
  ).toEqual([
    {
      SYMBOL: 'BTCUSDT',
      OPEN_TIME: '2025-01-01T00:00:00.123Z',
      CLOSE_PRICE: '12345678901234567890.123456789012345678',
      EXCHANGE: null,
    },
  ]);
});

test('a list of rows comes in whole or not at all', async () => {
  const insert = 'insert into raw.archive_files (file_name, row_count) values (?, ?)';
  const rows = Array.from({ length: 2000 }, (_, index) => [`file-${index}`, index]);
  expect(await loader.execute(insert, rows)).toEqual([{ 'number of rows inserted': 2000 }]);
  await expect(
    loader.execute(insert, [
      ['good', 1],
      ['bad', 'one'],
    ]),
  ).rejects.toThrow("'one'");
  const [found] = await loader.execute(
    'select count(*) as n, sum(row_count) as total from raw.archive_files',
  );
  expect(found).toEqual({ N: 2000, TOTAL: 1_999_000 });
});

test('a large answer comes whole', async () => {
  const rows = await loader.execute(
    "select seq4() as n, 'x' as text from table(generator(rowcount => 50000)) order by n",
  );
  expect(rows).toHaveLength(50_000);
  expect(rows.at(-1)).toEqual({ N: 49_999, TEXT: 'x' });
});

test('statements that one connection sends at once are all answered', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => loader.execute('select ?::number as n', [index])),
  );
  expect(answers.flat()).toEqual(Array.from({ length: 20 }, (_, index) => ({ N: index })));
});

test('the rows of an open transaction are nobody else’s until it is committed', async () => {
  await using other = await connectAs(emulator.options, 'loader');
  const count = async () =>
    (await other.execute('select count(*) as n from raw.exchange_symbols')).map((row) => row['N']);
  await loader.execute('begin');
  await loader.execute("insert into raw.exchange_symbols (symbol) values ('BTCUSDT')");
  expect(await count()).toEqual([0]);
  await loader.execute('commit');
  expect(await count()).toEqual([1]);
});
