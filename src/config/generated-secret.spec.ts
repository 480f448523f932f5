import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getGeneratedSecret } from './generated-secret.js';

describe(getGeneratedSecret.name, () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llm-proxy-secret-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('gives 50 starters at once the same secret, made by one of them, and leaves no draft', async () => {
    const options = { folder: join(folder, 'data'), fileName: 'some.key', bytes: 32 };
    const found = await Promise.all(Array.from({ length: 50 }, () => getGeneratedSecret(options)));
    expect(new Set(found.map(({ secret }) => secret.reveal())).size).toBe(1);
    expect(found.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await readdir(options.folder)).toEqual(['some.key']);
  });

  it('keeps secrets of different names apart', async () => {
    const one = await getGeneratedSecret({ folder, fileName: 'one.key', bytes: 32 });
    const two = await getGeneratedSecret({ folder, fileName: 'two.key', bytes: 48 });
    expect(Buffer.from(two.secret.reveal(), 'base64')).toHaveLength(48);
    expect(one.secret.equals(two.secret)).toBe(false);
  });
});
