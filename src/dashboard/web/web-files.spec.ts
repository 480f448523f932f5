import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebFiles } from './web-files.js';

it('serves nothing where the page was never built', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'llm-proxy-web-'));
  try {
    const files = new WebFiles(join(folder, 'dist'));
    await files.onModuleInit();
    expect(files.index).toBeUndefined();
    expect(files.find('favicon.svg')).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
