import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Of the tests under faults the short ones, whose seed is fixed; `npm run test:faults` runs them all.
    include: ['test/**/*.test.ts', 'test/faults/**/*.short.faults.ts'],
    // Integration tests wait as much as they work: two files at a time on the smallest machine, and never more.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
