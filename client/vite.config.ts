import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

/** Where `npm run start` listens; `npx vite client` serves the page with reloading in front of it. */
const PROXY = 'http://127.0.0.1:3000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative, because the sub-path is known to the running server only: it fills in <base href>.
  base: './',
  plugins: [react(), tailwindcss(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/v1', '/health', '/version'].map((path) => [path, { target: PROXY, ws: true }]),
    ),
  },
  build: {
    // light-dark() is used as it is: these are the first versions that have it.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Everything is a file of its own that may be cached for ever; the policy knows no data: URLs.
    assetsInlineLimit: 0,
    manifest: true,
  },
});
