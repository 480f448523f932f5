import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEnvironment } from './load-environment.js';

const PEPPER = 'p'.repeat(32);

describe(loadEnvironment.name, () => {
  let folder: string;
  const workingFolder = process.cwd();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llm-proxy-environment-'));
  });

  afterEach(async () => {
    process.chdir(workingFolder);
    await rm(folder, { recursive: true });
  });

  async function write(name: string, text: string, mode = 0o600): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    await chmod(path, mode);
    return path;
  }

  it('reads a secret from the file that <NAME>_FILE names, without its line end', async () => {
    const path = await write('key', 'sk-from-file\n');
    const { environment, variables } = await loadEnvironment({
      KEY_PEPPER: PEPPER,
      OPENAI_API_KEY_FILE: path,
    });
    expect(environment.openaiApiKey?.reveal()).toBe('sk-from-file');
    expect(variables.OPENAI_API_KEY).toBe('sk-from-file');
  });

  it('refuses both forms of a secret at once', async () => {
    const path = await write('key', 'sk-from-file');
    await expect(
      loadEnvironment({ KEY_PEPPER: PEPPER, OPENAI_API_KEY: 'sk-x', OPENAI_API_KEY_FILE: path }),
    ).rejects.toMatchObject({
      problems: ['OPENAI_API_KEY: must not be set together with OPENAI_API_KEY_FILE'],
    });
  });

  it('lists unreadable files together with wrong values', async () => {
    await expect(
      loadEnvironment({
        PORT: 'x',
        OPENAI_API_KEY_FILE: join(folder, 'absent'),
        REDIS_URL_FILE: await write('empty', ''),
        KEY_PEPPER_FILE: await write('large', 'x'.repeat(70_000)),
        TLS_CERT_FILE: join(folder, 'absent'),
        TLS_KEY_FILE: await write('key.pem', 'key'),
      }),
    ).rejects.toMatchObject({
      problems: [
        'REDIS_URL_FILE: the file is empty',
        'KEY_PEPPER_FILE: the file is larger than 64 KiB',
        'OPENAI_API_KEY_FILE: the file cannot be read or written (ENOENT)',
        'TLS_CERT_FILE: the file cannot be read or written (ENOENT)',
        'PORT: must be a whole number from 0 to 65535',
      ],
    });
  });

  it('generates the pepper once and keeps it', async () => {
    const DATA_DIR = join(folder, 'new', 'data');
    const first = await loadEnvironment({ DATA_DIR });
    const second = await loadEnvironment({ DATA_DIR });
    expect(Buffer.from(first.environment.keyPepper.reveal(), 'base64')).toHaveLength(32);
    expect(second.environment.keyPepper.equals(first.environment.keyPepper)).toBe(true);
    expect(first.environment.dataDir).toBe(DATA_DIR);
    const { mode } = await stat(join(DATA_DIR, 'key-pepper.key'));
    expect(mode & 0o777).toBe(0o600);
    expect(first.warnings).toEqual([]);
    expect(second.environment.jwtSecret.equals(first.environment.jwtSecret)).toBe(true);
    expect(first.environment.jwtSecret.equals(first.environment.keyPepper)).toBe(false);
    expect((await stat(join(DATA_DIR, 'jwt.key'))).mode & 0o777).toBe(0o600);
  });

  it('warns of a generated pepper when the database is shared', async () => {
    const env = { DATA_DIR: folder, DATABASE_URL: 'postgres://host/db' };
    expect((await loadEnvironment(env)).warnings).toEqual([
      expect.stringMatching(/^KEY_PEPPER: .*replicas/),
      expect.stringMatching(/^JWT_SECRET: .*replicas/),
      expect.stringMatching(/^ENCRYPTION_KEY: .*replicas/),
    ]);
    expect((await loadEnvironment(env)).warnings).toEqual([]);
  });

  it('warns of a pepper that others can read, and refuses it in production', async () => {
    await write('key-pepper.key', Buffer.alloc(32, 1).toString('base64'), 0o644);
    const { warnings } = await loadEnvironment({ DATA_DIR: folder });
    expect(warnings).toEqual([expect.stringMatching(/^KEY_PEPPER: .*chmod 600/)]);
    await expect(
      loadEnvironment({ DATA_DIR: folder, NODE_ENV: 'production' }),
    ).rejects.toMatchObject({ problems: warnings });
  });

  it('refuses a damaged pepper rather than making another', async () => {
    await write('key-pepper.key', 'c2hvcnQ=');
    await expect(loadEnvironment({ DATA_DIR: folder })).rejects.toMatchObject({
      problems: [expect.stringMatching(/^KEY_PEPPER: .*is shorter than the secret/)],
    });
  });

  it('refuses a data folder that cannot hold the pepper', async () => {
    const DATA_DIR = join(await write('file', ''), 'data');
    await expect(loadEnvironment({ DATA_DIR })).rejects.toMatchObject({
      problems: [expect.stringMatching(/^KEY_PEPPER: .*\(ENOTDIR\)/)],
    });
  });

  describe('from the process', () => {
    it('reads .env of the working folder below the real environment, and leaves that as it was', async () => {
      await write(
        '.env',
        `KEY_PEPPER=${PEPPER}\nPORT=4001\nDATA_DIR=./elsewhere\nSOME_OTHER=yes\n`,
      );
      process.chdir(folder);
      process.env.PORT = '4002';
      try {
        const { environment, variables, warnings } = await loadEnvironment();
        expect(environment).toMatchObject({
          port: 4002,
          dataDir: join(process.cwd(), 'elsewhere'),
        });
        expect(variables.SOME_OTHER).toBe('yes');
        expect(warnings).toEqual([]);
        expect(process.env.KEY_PEPPER).toBeUndefined();
      } finally {
        delete process.env.PORT;
      }
    });

    it('warns of a .env with secrets that others can read, and refuses it in production', async () => {
      await write('.env', `KEY_PEPPER=${PEPPER}\n`, 0o644);
      process.chdir(folder);
      expect((await loadEnvironment()).warnings).toEqual([expect.stringMatching(/^\.env: /)]);
      await write('.env', `KEY_PEPPER=${PEPPER}\nNODE_ENV=production\n`, 0o644);
      const previous = process.env.NODE_ENV;
      delete process.env.NODE_ENV;
      try {
        await expect(loadEnvironment()).rejects.toThrow('.env: the file holds secrets');
      } finally {
        process.env.NODE_ENV = previous;
      }
    });

    it('does not mind who reads a .env without secrets', async () => {
      await write('.env', `PORT=4001\nDATA_DIR=${folder}\n`, 0o644);
      process.chdir(folder);
      expect((await loadEnvironment()).warnings).toEqual([]);
    });
  });
});
