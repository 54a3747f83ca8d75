import { defineConfig } from 'vitest/config';

/** Everything under faults, the short selection too, each file with a seed of its own unless FAULT_SEED says which. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.faults.ts', 'test/faults/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 180_000,
  },
});
