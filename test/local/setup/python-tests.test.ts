import { expect, test } from 'vitest';
import { junitCounts, suitesFor } from '#local/setup/python-tests.ts';

test('the tests of a JUnit report are counted, errors as failures', () => {
  const xml =
    '<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"></testsuite></testsuites>';
  expect(junitCounts(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
});

const folders = (...args: readonly string[]) => suitesFor(args).map(({ folder }) => folder);

test('a report that says nothing of its tests is refused', () => {
  expect(() => junitCounts('<testsuites></testsuites>')).toThrow('expected a JUnit report with a test suite');
  expect(() => junitCounts('<testsuite errors="0" tests="1">')).toThrow('count of failures');
});

test('without arguments all suites run, with some only those that they name', () => {
  expect(folders()).toEqual(['test/local/warehouse', 'test/mwaa']);
  expect(folders('test/mwaa')).toEqual(['test/mwaa']);
  expect(folders('test/local')).toEqual(['test/local/warehouse']);
  expect(folders('test/mwaa/test_dags.py')).toEqual(['test/mwaa/test_dags.py']);
  expect(folders('test/domain')).toEqual([]);
  expect(folders('-t', 'a name')).toEqual([]);
});
