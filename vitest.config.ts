import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'testkit/src/**/*.test.ts',
      'bench/**/*.test.ts',
      'scenarios/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    // Modules here keep no state between tests, so files share their worker: 30 files start in 1.5 s, not 8 s.
    isolate: false,
    pool: 'threads',
    // Half of the time is waiting for browsers, databases and disks: two at a time also on two cores.
    maxWorkers: 4,
    // A forgotten `.only` would hide the other tests.
    allowOnly: false,
    // No test is about time: this only ends what hangs, on the slowest machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
