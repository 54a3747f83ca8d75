import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reliabilityTable } from './reliability-table.ts';
import { SECTIONS } from './rows.ts';

const TEST_FOLDER = join(import.meta.dirname, '..');
const ROWS = SECTIONS.flatMap(({ rows }) => rows);
const read = (file: string) => readFileSync(join(TEST_FOLDER, file), 'utf8');

/** How many rows each section of the matrix has. */
const COUNTS = { A: 14, B: 9, C: 11, D: 5, E: 8, F: 1 } as const;

/** A test's name as it stands in its file. */
const TEST_NAME = /\b(?:test|it)(?:\.concurrent)?\(\s*(['"`])((?:(?!\1).)+)\1/g;
const PYTHON_TEST_NAME = /^(def )(test_\w+)\(/gm;
const namesIn = (file: string) =>
  [...read(file).matchAll(file.endsWith('.py') ? PYTHON_TEST_NAME : TEST_NAME)].map(
    ([, , name = '']) => name,
  );

test('every row of the matrix is here once', () => {
  const expected = Object.entries(COUNTS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  expect(ROWS.map(({ row }) => row)).toEqual(expected);
});

test('every row has exactly one test of its name, or the reason why it has none', () => {
  let looked = 0;
  const reasons = ROWS.flatMap(({ proof }) => (proof.kind === 'not-here' ? [proof.reason] : []));
  expect(reasons.filter(({ length }) => length < 20)).toEqual([]);
  for (const { row, proof } of ROWS) {
    if (proof.kind === 'not-here') continue;
    for (const { file, name } of [proof, ...(proof.short ? [proof.short] : [])]) {
      // Python's names have no spaces and no capitals
      expect(name).toMatch(new RegExp(`^(${row} |test_${row.toLowerCase()}_)`));
      expect(
        namesIn(file).filter((one) => one === name),
        `${row} in ${file}`,
      ).toEqual([name]);
      looked += 1;
    }
    expect(proof.short?.file ?? '.short.faults.ts', row).toMatch(/\.short\.faults\.ts$/);
    for (const { file, name } of proof.also ?? [])
      expect(read(join('..', file)), `${row} in ${file}`).toContain(name);
  }
  expect(looked).toBeGreaterThan(10);
});

test('every test under faults that is named after a row is listed with it', () => {
  const listed = new Set(
    ROWS.flatMap(({ proof }) =>
      proof.kind === 'test' ? [proof, ...(proof.short ? [proof.short] : [])] : [],
    ).map(({ file, name }) => `${file} ${name}`),
  );
  const named = globSync('faults/**/*.faults.ts', { cwd: TEST_FOLDER }).flatMap((file) =>
    namesIn(file)
      .filter((name) => /^[A-F]\d+ /.test(name))
      .map((name) => `${file} ${name}`),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((one) => !listed.has(one))).toEqual([]);
});

test('docs/reliability.md shows these rows', async () => {
  const file = join(TEST_FOLDER, '../docs/reliability.md');
  const text = readFileSync(file, 'utf8');
  const [before = '', after] = text.split(/(?<=<!-- rows -->\n)[^]*(?=<!-- \/rows -->)/);
  expect(after).toBeDefined();
  await expect(`${before}\n${reliabilityTable()}\n${after}`).toMatchFileSnapshot(file);
});
