import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitStatements } from '#snowflake/split-statements.ts';

test.for([
  ['one; two', ['one', 'two']],
  ['one;', ['one']],
  [';;one;;', ['one']],
  ['  \n\t ; ', []],
  ["select 'a;b'; two", ["select 'a;b'", 'two']],
  ["select 'it''s; one'; two", ["select 'it''s; one'", 'two']],
  [String.raw`select 'a\';b'; two`, [String.raw`select 'a\';b'`, 'two']],
  ['select "a;""b"; two', ['select "a;""b"', 'two']],
  ['as $$ one; two; $$; three', ['as $$ one; two; $$', 'three']],
  ['select $1, a$b; two', ['select $1, a$b', 'two']],
  ['one -- not; here\n; two', ['one', 'two']],
  ['one // not; here\n; two', ['one', 'two']],
  ['one /* not; -- here */ more; two', ['one /* not; -- here */ more', 'two']],
  ['a - b; a / b; a * b', ['a - b', 'a / b', 'a * b']],
  ["select '-- no comment'; two", ["select '-- no comment'", 'two']],
  ['-- only a comment', []],
] as const)('%s is cut into %s', ([text, expected]) => {
  expect(splitStatements(text).map(({ sql }) => sql)).toEqual(expected);
});

test('a statement stands where its first word stands, not where its comment does', () => {
  const text = '-- first\n\nUSE ROLE A;\n\n/* of\ntwo lines */ SELECT\n1;';
  expect(splitStatements(text)).toEqual([
    { line: 3, sql: 'USE ROLE A' },
    { line: 6, sql: 'SELECT\n1' },
  ]);
});

test.for([
  ["select 'never; ends", 'line 1'],
  ['one;\n"never', 'line 2'],
  ['$$ never', 'line 1'],
  ['one\n/* never', 'line 2'],
] as const)('%s has no end, and is refused by its line', ([text, line]) => {
  expect(() => splitStatements(text)).toThrow(line);
});

test('whatever the statements hold, they come back as they were', () => {
  const quoted = fc
    .stringMatching(/^[a-z;'"$/* -]*$/)
    .chain((text) =>
      fc.constantFrom(
        `'${text.replaceAll("'", "''")}'`,
        `"${text.replaceAll('"', '""')}"`,
        `$$${text.replaceAll('$', '')}$$`,
      ),
    );
  const statement = fc.array(fc.oneof(fc.stringMatching(/^[a-z]+$/), quoted), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(statement), (statements) => {
      const texts = statements.map((words) => words.join(' '));
      expect(splitStatements(texts.join(';\n-- a; comment\n')).map(({ sql }) => sql)).toEqual(texts);
    }),
  );
});
