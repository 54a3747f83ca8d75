import { expect, test } from 'vitest';
import { describeCounts, testCounts } from '#local/setup/test-counts.ts';

test('tests are counted over all files, skipped ones apart', () => {
  const report = {
    testResults: [
      fileResult('passed', ['passed', 'passed', 'skipped']),
      fileResult('failed', ['failed', 'passed', 'todo']),
    ],
  };
  expect(testCounts(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  expect(describeCounts(testCounts(report))).toBe('3 passed, 1 failed, 2 skipped');
});

test('a file that could not be loaded is a failure, though no test in it failed', () => {
  expect(testCounts({ testResults: [fileResult('failed', [])] })).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
  });
});

test('the closing line is the plain one when nothing was skipped', () => {
  expect(describeCounts({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
});

test('a report of another shape is refused, since its tests would not be counted', () => {
  expect(() => testCounts({ results: [] })).toThrow('testResults');
});

function fileResult(status: string, statuses: readonly string[]) {
  return { status, assertionResults: statuses.map((one) => ({ status: one })) };
}
