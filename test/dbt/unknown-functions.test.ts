import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseUnknownFunctions } from './refuse-unknown-functions.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

async function check(sql: string) {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'model.sql'), sql);
  const output = await refuseUnknownFunctions([folder.path]);
  return output.trim().replaceAll(`${folder.path}/`, '');
}

describe('the guard against SQL that only DuckDB knows', () => {
  it.each([
    ['select epoch_ms(a) from t', 'EPOCH_MS'],
    ["select strftime(a, '%Y') from t", 'STRFTIME'],
    ["select time_bucket(interval '1 day', a) from t", 'TIME_BUCKET'],
    ['select a from range(10)', 'RANGE'],
    // these have a meaning for the parser, and another name in Snowflake
    ['select arg_max(a, b) from t', 'ARG_MAX'],
    ["select date_diff('day', a, b) from t", 'DATE_DIFF'],
    ['select string_agg(a, b) from t', 'STRING_AGG'],
  ])('refuses %s by name', async (sql, name) => {
    expect(await check(sql)).toBe(`model.sql: expected a function of Snowflake, got ${name}`);
  });

  it('refuses what does not parse, and what only looks parsed', async () => {
    expect(await check('select max(a from t')).toMatch(/^model\.sql: expected SQL that Snowflake takes/);
    expect(await check('vacuum t')).toMatch(/^model\.sql: expected SQL that Snowflake takes/);
  });

  it('refuses a folder without SQL', async () => {
    expect(await check('')).toMatch(/^expected \.sql files that call functions in .*, got none$/);
  });

  it('takes functions of Snowflake, and names that are none', async () => {
    const sql = `
      create or replace table STAGING.a_table (a number(38, 18));
      insert into STAGING.a_table (a) with b as (select max(a:b::number(38, 0)) over (partition by c) from t)
      select iff(a in (1, 2), datediff('day', a, b), 3) from b where exists (select 1)`;
    expect(await check(sql)).toBe('1 files call 3 functions, all known to Snowflake');
  });
});
