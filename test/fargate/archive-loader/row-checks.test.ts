import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromArchiveRow } from '#domain/archive-row.ts';
import { openParquetWriter } from '#fargate/archive-loader/parquet-writer.ts';
import type { ParquetWriter } from '#fargate/archive-loader/parquet-writer.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const DAY = { firstMs: Date.parse('2024-12-31T00:00Z'), lastMs: Date.parse('2024-12-31T23:59Z') };
const OPEN = DAY.firstMs + 5 * 60_000;
const GOOD = [
  `${OPEN}`,
  '10.5',
  '12.00000000',
  '9.1',
  '11',
  '100.25',
  `${OPEN + 59_999}`,
  '1100.5',
  '42',
  '50.25',
  '550.5',
  '0',
];
const FROM = {
  symbol: 'BTCUSDT',
  source: 'archive',
  sourceFile: 'x.zip',
  sha256: '0',
  loadedAtMs: 0,
} as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let writer: ParquetWriter;
let lastFile = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  writer = await openParquetWriter(folder.path);
});
afterAll(async () => {
  writer[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

async function convert(text: string) {
  lastFile += 1;
  const base = join(folder.path, String(lastFile));
  await writeFile(`${base}.csv`, text);
  return writer.convert(`${base}.csv`, DAY, FROM, `${base}.parquet`);
}

/** Of the last file, numbers without the zeros at their ends. */
async function landed(): Promise<readonly (readonly string[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const numbers = ['OPEN', 'HIGH', 'LOW', 'CLOSE'].map((name) => `${name}_PRICE`);
  const others = ['BASE_VOLUME', 'QUOTE_VOLUME', 'TRADES', 'TAKER_BUY_BASE_VOLUME', 'TAKER_BUY_QUOTE_VOLUME'];
  const reader = await connection.runAndReadAll(`
    select ${[...numbers, ...others].map((name) => `${name}::varchar`).join(', ')}
    from read_parquet('${join(folder.path, String(lastFile))}.parquet')`);
  connection.closeSync();
  instance.closeSync();
  return reader.getRows().map((row) => row.map((column) => String(column).replace(/\.?0+$/, '')));
}

/** Values that columns get wrong, and some that are right. */
const value = fc.constantFrom(
  ...' 0 -1 1 9.1 12 13.5 99999999999 100.25 100.26 1e3 NaN 1. .5 "1" 123456789012345678901'.split(' '),
  ...'12345678901234567890 0.123456789012345678 0.1234567890123456789'.split(' '),
  ` ${OPEN}`,
  `${OPEN}`,
  `${OPEN + 60_000}`,
  `${OPEN + 59_999}`,
  `${OPEN + 1}`,
  `${OPEN}000`,
);

describe('the checks of a whole file in SQL', () => {
  test('refuse exactly the rows that the codec refuses', async () => {
    const verdicts = { candle: 0, rejected: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), value), { minLength: 1, maxLength: 2 }),
        async (changes) => {
          const columns = [...GOOD];
          for (const [at, changed] of changes) columns[at] = changed;
          const line = columns.join(',');
          const decoded = fromArchiveRow(line, 'BTCUSDT', 'milliseconds', 0);
          const converted = await convert(`${GOOD.join(',')}\n${line}\n`);
          verdicts[decoded.kind] += 1;
          expect([line, converted.kind]).toEqual([line, decoded.kind === 'candle' ? 'converted' : 'refused']);
        },
      ),
      { numRuns: 100 },
    );
    expect(verdicts.candle).toBeGreaterThan(0);
    expect(verdicts.rejected).toBeGreaterThan(0);
  });

  test.each([
    [GOOD.slice(0, 11).join(','), 'line 2: expected 12 columns, got 11 in '],
    [[...GOOD, '0'].join(','), 'line 2: expected 12 columns, got 13 in '],
    [
      GOOD.with(0, `${DAY.lastMs + 60_000}`)
        .with(6, `${DAY.lastMs + 119_999}`)
        .join(','),
      'line 2: expected an open time from 2024-12-31T00:00:00.000Z to 2024-12-31T23:59:00.000Z, got 17356896',
    ],
    [GOOD.with(2, '10').join(','), 'line 2: expected open <= high, got 10.5 > 10 in '],
    [
      GOOD.with(9, '100.250000000000000001').join(','),
      'line 2: expected takerBase <= base, got 100.250000000000000001 > 100.25 in ',
    ],
    [GOOD.with(4, '11,5').join(','), 'expected 12 columns, got 13'],
  ])('name the first broken line of %s', async (line, reason) => {
    const bad = `${GOOD.join(',')}\n${line}\n${line}x\n`;
    expect(await convert(bad)).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
  });

  test('refuse a file without lines, with only a header, and with bytes that are no text', async () => {
    const nothing = {
      kind: 'refused',
      reason: expect.stringContaining('expected an open time of 13 digits'),
    };
    expect(await convert('')).toEqual(nothing);
    expect(await convert('open_time,open\n')).toEqual(nothing);
    lastFile += 1;
    const file = join(folder.path, `${lastFile}.csv`);
    await writeFile(
      file,
      Buffer.concat([Buffer.from(`${GOOD.join(',')}\n1,`), Buffer.from([0xff, 0xfe, 0x0a])]),
    );
    expect(await writer.convert(file, DAY, FROM, `${file}.parquet`)).toMatchObject({ kind: 'refused' });
  });

  test.each([
    ['short numbers alone', '9999999999.99999999', '0.00000001'],
    ['numbers of up to 38 digits', '12345678901234567890.123456789012345678', '0.000000000000000001'],
  ])('land %s to the last digit, in the order of the file', async (_, large, small) => {
    const later = GOOD.with(0, `${OPEN + 60_000}`).with(6, `${OPEN + 119_999}`);
    const rows = [later.with(5, large), GOOD.with(9, small)];
    expect(await convert(`${rows.map((row) => row.join(',')).join('\n')}\n`)).toMatchObject({ rows: 2 });
    expect(await landed()).toEqual([
      ['10.5', '12', '9.1', '11', large, '1100.5', '42', '50.25', '550.5'],
      ['10.5', '12', '9.1', '11', '100.25', '1100.5', '42', small, '550.5'],
    ]);
  });

  test('tell every minute once and in order, however often and in whichever order the file has them', async () => {
    const later = GOOD.with(0, `${OPEN + 60_000}`).with(6, `${OPEN + 119_999}`);
    const text = [later, GOOD, later].map((row) => row.join(',')).join('\r\n');
    expect(await convert(text)).toEqual({ kind: 'converted', rows: 3, openTimes: [OPEN, OPEN + 60_000] });
  });
});
