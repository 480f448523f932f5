import { defineConfig } from 'vitest/config';

/** Three projects: what needs only npm packages, what needs PostgreSQL and Redis, what needs recordings. */
export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'test/services/**', 'test/recordings/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
