import { defineConfig } from 'vitest/config';

/** The page in a real Chromium, against the built proxy. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.spec.ts'],
    // One browser after the other: they are what takes the time, and there are few cores.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 240_000,
  },
});
