import { defineConfig } from 'vitest/config';

/** One of four: others are what needs PostgreSQL and Redis, recordings, or Python. */
export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    exclude: [
      '**/node_modules/**',
      'dist/**',
      'test/services/**',
      'test/recordings/**',
      'test/clients/**',
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
