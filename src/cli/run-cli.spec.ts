import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createClientApplication,
  temporaryInstallation,
  TEST_PEPPER,
} from '../../test/support/client-application.js';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AuditEntry } from '../audit/audit-entry.entity.js';
import { UsersService } from '../auth/people/users.service.js';
import { SessionsService } from '../auth/sessions/sessions.service.js';
import { SignIn } from '../auth/sessions/sign-in.service.js';
import { ApiKeyAuthenticator } from '../auth/api-key-authenticator.js';
import { parseApiKeyId } from '../clients/api-key-format.js';
import { runCli } from './run-cli.js';

const FILE_KEY = 'canary-of-a-client-key-in-the-file-00001';
const PROVIDER_KEY = 'canary-of-a-provider-key';

interface KeyJson {
  id: string;
  key: string;
  client: string;
  role: string;
  expiresAt?: string;
  replaces?: { id: string; expiresAt: string };
}

describe(runCli.name, () => {
  let installation: Awaited<ReturnType<typeof temporaryInstallation>>;
  let env: Record<string, string>;

  beforeEach(async () => {
    installation = await temporaryInstallation();
    env = installation.env;
  });

  afterEach(() => installation.remove());

  async function run(...args: string[]) {
    const written = { stdout: '', stderr: '' };
    const exitCode = await runCli(args, {
      stdout: { write: (text: string) => (written.stdout += text) },
      stderr: { write: (text: string) => (written.stderr += text) },
      environment: env,
    });
    return { exitCode, ...written };
  }

  /** Asserts that standard output is one JSON document and standard error empty. */
  async function runJson<T>(...args: string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await run(...args, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return JSON.parse(stdout) as T;
  }

  async function expectFailure(args: string[], sentence: string) {
    const { exitCode, stdout, stderr } = await run(...args);
    expect(exitCode).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain(TEST_PEPPER);
  }

  const createKey = (client: string, ...args: string[]) =>
    runJson<KeyJson>('keys', 'create', '--client', client, ...args);

  it('makes a key on a fresh installation', async () => {
    const created = await createKey('ci', '--role', 'admin');
    expect(Object.keys(created)).toEqual(['id', 'key', 'client', 'role']);
    expect(created).toMatchObject({ client: 'ci', role: 'admin' });
    expect(parseApiKeyId(created.key)).toBe(created.id);
  });

  it('shows a key to people once', async () => {
    const { exitCode, stdout } = await run(
      'keys',
      'create',
      '--client',
      'ci',
      '--expires-in',
      '30d',
    );
    expect(exitCode).toBe(0);
    const key = /sk-lp_\S+/.exec(stdout)?.[0] ?? '';
    expect(parseApiKeyId(key)).toBeDefined();
    expect(stdout).toContain('It expires ');
    const listed = await run('keys', 'list');
    expect(listed.stdout).toMatch(/^ID +CLIENT +ROLE/);
    expect(listed.stdout).toContain(parseApiKeyId(key));
    expect(listed.stdout).not.toContain(key.slice(19));
  });

  it('changes what a running server accepts', async () => {
    const server = await (await createClientApplication(env)).init();
    try {
      const authenticator = server.get(ApiKeyAuthenticator, { strict: false });
      const created = await createKey('ci', '--models', 'fast, openai/*');
      const principal = await authenticator.authenticate(created.key, '10.0.0.1');
      expect(principal?.clientName).toBe('ci');
      expect(principal?.allowsModel('openai/x')).toBe(true);
      expect(principal?.allowsModel('gemini/x')).toBe(false);

      await runJson('keys', 'revoke', created.id);
      await expect
        .poll(async () => authenticator.authenticate(created.key, '10.0.0.1'), { timeout: 5_000 })
        .toBeUndefined();
    } finally {
      await server.close();
    }
  });

  it('rotates', async () => {
    const created = await createKey('ci');
    const rotated = await runJson<KeyJson>(
      'keys',
      'rotate',
      created.id,
      '--overlap',
      '0',
      '--expires-in',
      '1d',
    );
    expect(rotated).toMatchObject({ client: 'ci', role: 'client', replaces: { id: created.id } });
    expect(rotated.expiresAt).toBeDefined();
    const listed = await runJson<Array<{ id: string; status: string }>>(
      'keys',
      'list',
      '--client',
      'ci',
    );
    expect(listed.map(({ id, status }) => [id, status])).toEqual([
      [created.id, 'expired'],
      [rotated.id, 'active'],
    ]);
    await expectFailure(['keys', 'rotate', created.id], 'The API key has expired.');
  });

  it('makes one key for each of three commands at once', async () => {
    await run('migrate');
    const created = await Promise.all(Array.from({ length: 3 }, () => createKey('ci')));
    expect(new Set(created.map(({ id }) => id)).size).toBe(3);
    expect(await runJson<unknown[]>('keys', 'list', '--client', 'ci')).toHaveLength(3);
  });

  it('leaves the clients of the file alone', async () => {
    env.LLM_PROXY_CONFIG = join(env.DATA_DIR as string, 'test.yaml');
    await writeFile(
      env.LLM_PROXY_CONFIG,
      JSON.stringify({ clients: [{ name: 'ci', apiKeys: [FILE_KEY] }] }),
      { mode: 0o600 },
    );
    await (await (await createClientApplication(env)).init()).close();
    delete env.LLM_PROXY_CONFIG;
    const [key] = await runJson<Array<{ status: string }>>('keys', 'list', '--client', 'ci');
    expect(key).toMatchObject({ status: 'active', source: 'config' });
  });

  it('says in one sentence what is wrong', async () => {
    await expectFailure(['keys', 'revoke', 'none'], 'There is no such API key.');
    await expectFailure(['keys', 'list', '--client', 'nobody'], 'There is no client of this name.');
    await expectFailure(['keys', 'create'], "required option '--client <name>' not specified");
    await expectFailure(
      ['keys', 'create', '--client', 'a', '--role', 'root'],
      'Give one of client, admin.',
    );
    await expectFailure(
      ['keys', 'create', '--client', 'a', '--expires-in', 'soon'],
      'Give 0 or a time',
    );
    await expectFailure(
      ['keys', 'create', '--client', 'a', '--expires-in', '0'],
      'expiresAt must be in the future.',
    );
    await expectFailure(
      ['keys', 'create', '--client', ' '],
      'name must have 1 to 100 printable characters.',
    );
    await expectFailure(['nonsense'], "unknown command 'nonsense'");
    await expectFailure(['keys', 'nonsense'], "unknown command 'nonsense'");
  });

  it('refuses a file that is not its database, and leaves it as it is', async () => {
    await writeFile(join(env.DATA_DIR as string, 'llm-proxy.sqlite'), 'something else');
    await expectFailure(['keys', 'list'], 'is not a SQLite database');
  });

  it('says which variables are wrong, without their values', async () => {
    env.PORT = 'canary-port';
    env.LEDGER_MAX_QUEUED_WRITES = 'canary-writes';
    const { exitCode, stderr } = await run('config', 'validate');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('PORT');
    expect(stderr).toContain('LEDGER_MAX_QUEUED_WRITES');
    expect(stderr).not.toContain('canary');
  });

  it('resets a password, once to be used, and ends the sessions', async () => {
    const application = await createClientApplication(env);
    await application.init();
    const users = application.get(UsersService, { strict: false });
    const sessions = application.get(SessionsService, { strict: false });
    const signIn = application.get(SignIn, { strict: false });
    const from = { address: null, userAgent: null };
    const { user, temporaryPassword } = await users.create({
      email: 'ada@example.com',
      name: 'Ada',
      role: 'admin',
    });
    await signIn.signIn({ email: user.email, password: temporaryPassword ?? '' }, from);
    expect(await sessions.listOf(user.id)).toHaveLength(1);

    const reset = await runJson<{ password: string }>(
      'admin',
      'reset-password',
      '--email',
      ' ADA@example.com',
    );
    expect(reset).toEqual({
      id: user.id,
      email: 'ada@example.com',
      name: 'Ada',
      role: 'admin',
      password: expect.stringMatching(/^(\w{5}-){3}\w{5}$/) as string,
    });
    expect(await sessions.listOf(user.id)).toEqual([]);
    const { password } = reset;
    expect(await signIn.signIn({ email: user.email, password }, from)).toMatchObject({
      user: { mustChangePassword: true },
    });
    await expect(
      signIn.signIn({ email: user.email, password: temporaryPassword ?? '' }, from),
    ).rejects.toMatchObject({ code: 'invalid_credentials' });
    const { stdout } = await run('admin', 'reset-password', '--email', user.email);
    expect(stdout).toMatch(/One-time password of ada@example\.com: (\w{5}-){3}\w{5}\n/);
    const [entry] = await application
      .get<DataSource>(getDataSourceToken())
      .manager.find(AuditEntry, { where: { action: 'user.reset_password' }, take: 1 });
    expect(entry).toMatchObject({ actorKind: 'cli', subjectName: 'ada@example.com' });
    await application.close();
    await expectFailure(
      ['admin', 'reset-password', '--email', 'nobody@example.com'],
      'There is nobody with this e-mail address.',
    );
  });

  it('migrates, and says beforehand what it would do', async () => {
    const before = await runJson<{ applied: string[]; pending: string[] }>('migrate', '--dry-run');
    expect(before.applied).toEqual([]);
    expect(before.pending.length).toBeGreaterThan(0);
    expect(await readdir(env.DATA_DIR as string)).toEqual([]);
    const done = await runJson<{ applied: string[]; pending: string[] }>('migrate');
    expect(done).toEqual({ applied: before.pending, pending: [] });
    expect((await run('migrate')).stdout).toBe('The database is up to date.\n');
  });

  it('rebuilds the totals of an empty ledger, and says beforehand what is wrong', async () => {
    expect(await runJson('ledger', 'rebuild', '--dry-run')).toEqual({
      dryRun: true,
      rollups: 0,
      wrong: 0,
    });
    expect((await run('ledger', 'rebuild')).stdout).toBe(
      'Roll-ups: 0, of which wrong: 0. All were made anew.\n',
    );
    await expectFailure(
      ['ledger', 'reprice', '--from', '2026-02-30', '--to', '2026-03-01'],
      'Give a day or a time',
    );
    await expectFailure(
      ['ledger', 'reprice', '--from', '2026-02-01', '--to', '2026-03-01', '--model', 'gpt'],
      'Give instance/model.',
    );
  });

  describe('config', () => {
    beforeEach(async () => {
      env.LLM_PROXY_CONFIG = join(env.DATA_DIR as string, 'test.yaml');
      await writeFile(
        env.LLM_PROXY_CONFIG,
        JSON.stringify({
          providers: [{ name: 'openai', type: 'openai', apiKey: PROVIDER_KEY }],
          clients: [{ name: 'ci', apiKeys: [FILE_KEY], models: ['fast'] }],
        }),
        { mode: 0o600 },
      );
    });

    it('is valid', async () => {
      expect(await runJson('config', 'validate')).toEqual({ valid: true });
      expect((await run('config', 'validate')).stdout).toBe('The configuration is valid.\n');
    });

    it('finds a mistyped key', async () => {
      const mistyped = 'sk-lp_canary-that-is-no-complete-key-at-all';
      await writeFile(
        env.LLM_PROXY_CONFIG as string,
        JSON.stringify({ clients: [{ name: 'ci', apiKeys: [mistyped] }] }),
      );
      await expectFailure(['config', 'validate'], 'clients[0].apiKeys[0]: starts with sk-lp_');
      expect((await run('config', 'validate')).stderr).not.toContain('canary');
    });

    it.each([[[]], [['--json']]])('prints everything but secrets %j', async (flags) => {
      const { exitCode, stdout } = await run('config', 'print', ...flags);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('openai');
      expect(stdout).toContain('firstByteMs');
      expect(stdout).toContain('[secret]');
      for (const secret of [FILE_KEY, PROVIDER_KEY, TEST_PEPPER])
        expect(stdout).not.toContain(secret);
    });

    it('gives the schema of the file', async () => {
      expect(await runJson('config', 'schema')).toMatchObject({
        properties: { clients: {}, providers: {} },
      });
    });
  });

  it('helps', async () => {
    const { exitCode, stdout } = await run('--help');
    expect(exitCode).toBe(0);
    for (const command of ['start', 'migrate', 'keys', 'config']) expect(stdout).toContain(command);
  });
});
