import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, type Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createClientApplication,
  temporaryInstallation,
} from '../../test/support/client-application.js';
import { ApiKeyAuthenticator } from '../auth/api-key-authenticator.js';
import { Configuration } from '../config/configuration.js';
import { ChangeFeed } from '../database/change-feed.js';
import { DatabaseUnavailableError } from '../database/database-errors.js';
import { generateApiKey } from './api-key-format.js';
import { ApiKeysService } from './api-keys.service.js';
import { CLIENTS_TOPIC, ClientWriter } from './client-writer.js';
import { ClientsService } from './clients.service.js';
import { DemoAccess } from './demo-access.js';
import { DEMO_CLIENT_ID } from './demo-client.js';
import { ManagedClients } from './managed-clients.service.js';

const KEY_A = 'a-custom-key-of-the-operator-0000000001';
const KEY_B = 'a-custom-key-of-the-operator-0000000002';
const LOCAL = '127.0.0.1';

describe(ManagedClients.name, () => {
  let installation: Awaited<ReturnType<typeof temporaryInstallation>>;
  let path: string;
  let applications: NestExpressApplication[];

  beforeEach(async () => {
    installation = await temporaryInstallation();
    path = join(installation.env.DATA_DIR as string, 'test.yaml');
    installation.env.LLM_PROXY_CONFIG = path;
    applications = [];
    await write({});
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    for (const application of applications) await application.close();
    await installation.remove();
  });

  /** JSON is YAML. */
  const write = (file: object) => writeFile(path, JSON.stringify(file), { mode: 0o600 });

  async function boot() {
    const application = await createClientApplication(installation.env);
    applications.push(application);
    await application.init();
    const get = <T>(type: { prototype: T }) =>
      application.get<T>(type as Type<T>, { strict: false });
    return {
      get,
      keys: get(ApiKeysService),
      clients: get(ClientsService),
      authenticate: async (key: string) => get(ApiKeyAuthenticator).authenticate(key, LOCAL),
      /** Writes the file and waits until its clients are in the database. */
      reconfigure: async (file: object) => {
        await write(file);
        const stored = firstValueFrom(get(ChangeFeed).changes(CLIENTS_TOPIC));
        expect(await get(Configuration).reload()).toBe(true);
        await stored;
      },
    };
  }

  it('takes the clients of the file with keys of any form', async () => {
    const generated = generateApiKey();
    await write({
      clients: [
        { name: 'ci', apiKeys: [KEY_A, generated.key.reveal()], models: ['fast'] },
        { name: 'off', apiKeys: [KEY_B], isActive: false },
      ],
    });
    const { authenticate, keys, clients } = await boot();
    const principal = await authenticate(KEY_A);
    expect(principal).toMatchObject({ clientName: 'ci', role: 'client' });
    expect(principal?.keyId).toMatch(/^cfg[0-9A-Za-z]{13}$/);
    expect(principal?.allowsModel('fast')).toBe(true);
    expect(principal?.allowsModel('slow')).toBe(false);
    expect(await authenticate(generated.key.reveal())).toMatchObject({ keyId: generated.id });
    expect(await authenticate(KEY_B)).toBeUndefined();
    expect(await clients.findByName('ci')).toMatchObject({
      source: 'config',
      allowedModels: ['fast'],
    });
    expect(JSON.stringify(await keys.list())).not.toContain(KEY_A);
  });

  it('follows each change of the file', async () => {
    await write({ clients: [{ name: 'ci', apiKeys: [KEY_A], models: ['fast'] }] });
    const { authenticate, clients, reconfigure } = await boot();
    const before = await authenticate(KEY_A);

    await reconfigure({ clients: [{ name: 'ci', apiKeys: [KEY_B] }] });
    expect(await authenticate(KEY_A)).toBeUndefined();
    expect((await authenticate(KEY_B))?.allowsModel('slow')).toBe(true);

    await reconfigure({ clients: [{ name: 'other', apiKeys: [KEY_B] }] });
    expect(await authenticate(KEY_B)).toMatchObject({ clientName: 'other' });
    expect(await clients.findByName('ci')).toMatchObject({ isActive: false });

    await reconfigure({ clients: [] });
    expect(await authenticate(KEY_B)).toBeUndefined();

    await reconfigure({ clients: [{ name: 'ci', apiKeys: [KEY_A] }] });
    expect(await authenticate(KEY_A)).toMatchObject({ clientId: before?.clientId });
  });

  it('retires at the next start what was taken out while it did not run', async () => {
    await write({ clients: [{ name: 'ci', apiKeys: [KEY_A] }] });
    await boot();
    await applications.pop()?.close();
    await write({});
    const { authenticate, clients } = await boot();
    expect(await authenticate(KEY_A)).toBeUndefined();
    expect(await clients.findByName('ci')).toMatchObject({ isActive: false });
  });

  it('takes over a client that was made by hand, with its keys, and says so', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn');
    const { authenticate, clients, keys, reconfigure } = await boot();
    const made = await keys.createForClientName('ci');
    await reconfigure({ clients: [{ name: 'ci', apiKeys: [KEY_A] }] });
    expect(await authenticate(KEY_A)).toMatchObject({ clientId: made.clientId });
    expect(await authenticate(made.key.reveal())).toMatchObject({ clientId: made.clientId });
    expect(warn.mock.calls.flat().filter((text) => String(text).includes('"ci"'))).toHaveLength(1);
    await expect(clients.update(made.clientId, { isActive: false })).rejects.toMatchObject({
      code: 'invalid_value',
    });
  });

  it('leaves its keys to the file', async () => {
    await write({ clients: [{ name: 'ci', apiKeys: [KEY_A] }] });
    const { authenticate, keys } = await boot();
    const id = (await authenticate(KEY_A))?.keyId ?? '';
    await expect(keys.rotate(id)).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(keys.revoke(id)).rejects.toMatchObject({ code: 'invalid_value' });
    expect(await authenticate(KEY_A)).toBeDefined();
  });

  it('ends right when several processes do the same at once', async () => {
    await write({
      clients: [
        { name: 'ci', apiKeys: [KEY_A] },
        { name: 'ops', apiKeys: [KEY_B] },
      ],
    });
    const first = await boot();
    const others = await Promise.all([boot(), boot()]);
    await Promise.all([first, ...others].map(({ get }) => get(ManagedClients).sync()));
    const managed = (await first.keys.list()).filter(({ source }) => source === 'config');
    expect(managed.map(({ clientName, status }) => `${clientName} ${status}`).toSorted()).toEqual([
      'ci active',
      'ops active',
    ]);
    expect((await first.clients.list()).map(({ name }) => name)).toEqual(['ci', 'demo', 'ops']);
  });

  it('tries again when the database is busy at a change', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval', 'clearTimeout'] });
    try {
      await write({ clients: [{ name: 'ci', apiKeys: [KEY_A] }] });
      const { get, authenticate, reconfigure } = await boot();
      expect(await authenticate(KEY_A)).toBeDefined();
      const failing = vi
        .spyOn(get(ClientWriter), 'write')
        .mockRejectedValueOnce(new DatabaseUnavailableError(new Error('SQLITE_BUSY')));
      const done = reconfigure({});
      await vi.waitFor(() => expect(failing).toHaveBeenCalledTimes(1));
      await vi.advanceTimersByTimeAsync(2_000);
      await done;
      expect(failing).toHaveBeenCalledTimes(2);
      await failing.mock.results[1]?.value;
      expect(await authenticate(KEY_A)).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses a file with a mistyped key of ours, at the start and later, without showing it', async () => {
    const mistyped = generateApiKey().key.reveal().slice(0, -1);
    const wrong = { clients: [{ name: 'ci', apiKeys: [mistyped] }] };
    const { get } = await boot();
    await write(wrong);
    expect(await get(Configuration).reload()).toBe(false);

    const error: unknown = await boot().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      problems: ['clients[0].apiKeys[0]: starts with sk-lp_ but is not a complete key'],
    });
    expect(String(error)).not.toContain(mistyped);
  });

  describe('demo', () => {
    it('has the same key at each start, of our form', async () => {
      const first = (await boot()).get(DemoAccess).key()?.reveal();
      const second = (await boot()).get(DemoAccess).key()?.reveal();
      expect(first).toMatch(/^sk-lp_/);
      expect(second).toBe(first);
    });

    it('disappears when a provider is configured and comes back without it', async () => {
      const { get, authenticate, clients, reconfigure } = await boot();
      const key = get(DemoAccess).key()?.reveal() ?? '';
      expect(await authenticate(key)).toMatchObject({ clientId: DEMO_CLIENT_ID });
      await reconfigure({
        providers: [
          {
            name: 'real',
            type: 'openai',
            apiKey: 'provider-key',
            baseUrl: 'http://127.0.0.1:9/v1',
          },
        ],
      });
      expect(get(DemoAccess).key()).toBeUndefined();
      expect(await authenticate(key)).toBeUndefined();
      expect(await clients.get(DEMO_CLIENT_ID)).toMatchObject({ isActive: false });
      await reconfigure({});
      expect(await authenticate(key)).toMatchObject({ clientId: DEMO_CLIENT_ID });
    });

    it('makes way for a client of the file that is called demo', async () => {
      await boot();
      await write({ clients: [{ name: 'demo', apiKeys: [KEY_A] }] });
      const { authenticate, clients, get } = await boot();
      const owner = await authenticate(KEY_A);
      expect(owner).toMatchObject({ clientName: 'demo' });
      expect(owner?.clientId).not.toBe(DEMO_CLIENT_ID);
      expect((await clients.get(DEMO_CLIENT_ID)).name).toMatch(/^demo \(simulated /);
      const demo = await authenticate(get(DemoAccess).key()?.reveal() ?? '');
      expect(demo).toMatchObject({ clientId: DEMO_CLIENT_ID });
    });

    it('stays revoked when somebody revoked its key', async () => {
      const { get, authenticate, keys } = await boot();
      const key = get(DemoAccess).newKey();
      await keys.revoke(key?.id ?? '');
      await get(ManagedClients).sync();
      expect(await authenticate(key?.key.reveal() ?? '')).toBeUndefined();
      const next = await boot();
      expect(await next.authenticate(key?.key.reveal() ?? '')).toBeUndefined();
    });

    it('has another key, and loses the old one, under another pepper', async () => {
      const { get } = await boot();
      const old = get(DemoAccess).newKey();
      installation.env.KEY_PEPPER = 'another-pepper-0123456789-0123456789';
      const { authenticate, keys, get: getNext } = await boot();
      expect(await authenticate(getNext(DemoAccess).key()?.reveal() ?? '')).toBeDefined();
      expect((await keys.list()).find(({ id }) => id === old?.id)).toMatchObject({
        status: 'revoked',
      });
    });
  });
});
