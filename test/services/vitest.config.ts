import { defineConfig } from 'vitest/config';

/** What needs PostgreSQL and Redis: run it by `.ci/services.sh npm run test:services`. */
export default defineConfig({
  test: {
    include: ['test/services/**/*.spec.ts'],
    globalSetup: ['test/services/require-services.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each file makes a database of its own, but the servers are shared.
    fileParallelism: false,
  },
});
