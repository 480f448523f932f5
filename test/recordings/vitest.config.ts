import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The suite behind `npm run test:recordings`; it needs a build and the folder of recordings. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/recordings/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
