import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** One of five: others are what needs PostgreSQL and Redis, recordings, Python, or Chromium. */
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('client/src', import.meta.url)) } },
  test: {
    include: ['src/**/*.spec.ts', 'client/src/**/*.spec.ts', 'test/**/*.spec.ts'],
    exclude: [
      '**/node_modules/**',
      'dist/**',
      'test/services/**',
      'test/recordings/**',
      'test/clients/**',
      'test/browser/**',
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
