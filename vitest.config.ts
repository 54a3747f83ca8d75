import { configDefaults, defineConfig } from 'vitest/config';

const LIB = 'test/lib/**/*.test.ts';

/** Of the tests under faults the short ones, whose seed is fixed; `npm run test:faults` runs them all. */
const ALL = ['test/**/*.test.ts', 'test/faults/**/*.short.faults.ts'];

export default defineConfig({
  test: {
    // Integration tests wait as much as they work: two files at a time on the smallest machine, and never more.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: 'test/synth-folder.ts',
    projects: [
      // They share what is loaded and synthesised, and only read it: making it anew takes longer than most of them.
      { extends: true, test: { name: 'lib', include: [LIB], isolate: false } },
      { extends: true, test: { name: 'others', include: ALL, exclude: [...configDefaults.exclude, LIB] } },
    ],
  },
});
