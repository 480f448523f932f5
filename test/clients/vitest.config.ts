import { defineConfig } from 'vitest/config';

/** What needs Python and packages from its index: run it by `npm run test:clients`. */
export default defineConfig({
  test: {
    include: ['test/clients/**/*.spec.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
