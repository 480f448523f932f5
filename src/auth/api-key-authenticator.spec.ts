import { inspect } from 'node:util';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createClientApplication,
  temporaryInstallation,
} from '../../test/support/client-application.js';
import { ApiKeysService } from '../clients/api-keys.service.js';
import { CLIENTS_TOPIC } from '../clients/client-writer.js';
import { CredentialsService, type StoredCredential } from '../clients/credentials.service.js';
import { DemoAccess } from '../clients/demo-access.js';
import { KeyHasher } from '../clients/key-hasher.js';
import { ApiError } from '../common/errors/api-error.js';
import { ChangeFeed } from '../database/change-feed.js';
import { READER } from '../database/data-source-options.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';

const LOCAL = '127.0.0.1';

/** The real look-up, counted, whose answers can be held back after the database gave them. */
class HeldCredentials extends CredentialsService {
  finds = 0;
  #gate: Promise<void> | undefined;

  override async find(keyId: string): Promise<StoredCredential | undefined> {
    this.finds += 1;
    const found = await super.find(keyId);
    await this.#gate;
    return found;
  }

  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return () => {
      this.#gate = undefined;
      resolve();
    };
  }
}

describe(ApiKeyAuthenticator.name, () => {
  let installation: Awaited<ReturnType<typeof temporaryInstallation>>;
  let application: INestApplicationContext;
  let keys: ApiKeysService;
  let credentials: HeldCredentials;
  let sut: ApiKeyAuthenticator;

  beforeEach(async () => {
    installation = await temporaryInstallation();
    application = await (await createClientApplication(installation.env)).init();
    const get = <T>(type: { prototype: T }) =>
      application.get<T>(type as Type<T>, { strict: false });
    keys = get(ApiKeysService);
    credentials = new HeldCredentials(
      application.get(getDataSourceToken(READER), { strict: false }),
    );
    sut = new ApiKeyAuthenticator(credentials, get(KeyHasher), get(DemoAccess), get(ChangeFeed));
  });

  afterEach(async () => {
    vi.useRealTimers();
    sut.onModuleDestroy();
    await application.close();
    await installation.remove();
  });

  it('answers a key that it knows without a promise and without the database', async () => {
    const { id, key } = await keys.createForClientName('ci');
    const first = await sut.authenticate(key.reveal(), LOCAL);
    expect(first?.keyId).toBe(id);
    expect(sut.authenticate(key.reveal(), LOCAL)).toBe(first);
    expect(credentials.finds).toBe(1);
  });

  it('looks a new key up once for 200 simultaneous requests', async () => {
    const { id, key } = await keys.createForClientName('ci');
    const found = await Promise.all(
      Array.from({ length: 200 }, async () => sut.authenticate(key.reveal(), LOCAL)),
    );
    expect(found.filter((principal) => principal?.keyId === id)).toHaveLength(200);
    expect(credentials.finds).toBe(1);
  });

  it('refuses garbage without the database, and an unknown key with one look', async () => {
    const { key } = await keys.createForClientName('ci');
    const mistyped = key.reveal().replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    expect(sut.authenticate('', LOCAL)).toBeUndefined();
    expect(sut.authenticate('short', LOCAL)).toBeUndefined();
    expect(sut.authenticate(mistyped, LOCAL)).toBeUndefined();
    expect(credentials.finds).toBe(0);
    expect(await sut.authenticate('unknown-'.repeat(5), LOCAL)).toBeUndefined();
    expect(sut.authenticate('unknown-'.repeat(5), LOCAL)).toBeUndefined();
    expect(credentials.finds).toBe(1);
  });

  it('refuses a made-up secret under the id of a good key', async () => {
    const { id } = await keys.createForClientName('ci');
    const stored = await credentials.find(id);
    vi.spyOn(credentials, 'find').mockResolvedValue(stored);
    expect(await sut.authenticate('some-other-key-of-a-custom-form-0001', LOCAL)).toBeUndefined();
  });

  it('does not put back what a lookup found before a revocation', async () => {
    const { id, key } = await keys.createForClientName('ci');
    const release = credentials.hold();
    const before = sut.authenticate(key.reveal(), LOCAL);
    await vi.waitFor(() => expect(credentials.finds).toBe(1));
    await keys.revoke(id);
    const after = sut.authenticate(key.reveal(), LOCAL);
    release();
    await before;
    expect(await after).toBeUndefined();
    expect(credentials.finds).toBe(2);
    expect(sut.authenticate(key.reveal(), LOCAL)).toBeUndefined();
  });

  it('does not put back a refusal found before the key was made good', async () => {
    const { id, key } = await keys.createForClientName('ci');
    const hidden = vi.spyOn(credentials, 'find').mockImplementationOnce(async () => {
      await keys.list();
      application.get(ChangeFeed, { strict: false }).announce(CLIENTS_TOPIC);
      return undefined;
    });
    expect(await sut.authenticate(key.reveal(), LOCAL)).toBeUndefined();
    expect(hidden).toHaveBeenCalledTimes(1);
    expect((await sut.authenticate(key.reveal(), LOCAL))?.keyId).toBe(id);
  });

  it('refuses a cached key from the moment it expires', async () => {
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now });
    const { key } = await keys.createForClientName('ci', { expiresAt: now + 1_000 });
    expect(await sut.authenticate(key.reveal(), LOCAL)).toBeDefined();
    vi.setSystemTime(now + 999);
    expect(sut.authenticate(key.reveal(), LOCAL)).toBeDefined();
    vi.setSystemTime(now + 1_000);
    expect(sut.authenticate(key.reveal(), LOCAL)).toBeUndefined();
    expect(credentials.finds).toBe(1);
  });

  it('notices what another process revokes', async () => {
    const other = await (await createClientApplication(installation.env)).init();
    try {
      const { id, key } = await keys.createForClientName('ci');
      // What this process changed itself is seen, so the next change is the other's.
      const feed = application.get(ChangeFeed, { strict: false });
      await feed.poll();
      expect(await sut.authenticate(key.reveal(), LOCAL)).toBeDefined();
      expect(sut.authenticate(key.reveal(), LOCAL)).not.toBeInstanceOf(Promise);
      const noticed = firstValueFrom(feed.changes(CLIENTS_TOPIC));
      await other.get(ApiKeysService, { strict: false }).revoke(id);
      await noticed;
      expect(await sut.authenticate(key.reveal(), LOCAL)).toBeUndefined();
    } finally {
      await other.close();
    }
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['2001:db8::1', false],
    ['', false],
    [undefined, false],
  ])('takes the demo key from %s: %s', async (address, isGood) => {
    const key = application.get(DemoAccess, { strict: false }).key()?.reveal() ?? '';
    expect((await sut.authenticate(key, LOCAL))?.clientName).toBe('demo');
    expect((await sut.authenticate(key, address)) !== undefined).toBe(isGood);
  });

  it('says that it cannot tell, rather than that the key is wrong, when the database fails', async () => {
    const { key } = await keys.createForClientName('ci');
    vi.spyOn(credentials, 'find').mockRejectedValueOnce(new Error('SQLITE_IOERR'));
    const failed = await Promise.resolve(sut.authenticate(key.reveal(), LOCAL)).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(ApiError);
    expect(failed).toMatchObject({ code: 'ledger_unavailable', status: 503 });
    expect((failed as ApiError).cause).toBeInstanceOf(Error);
    expect((failed as ApiError).message).not.toContain('SQLITE');
    expect(await sut.authenticate(key.reveal(), LOCAL)).toBeDefined();
  });

  it('shows no key when it is printed', async () => {
    const { key } = await keys.createForClientName('ci');
    const principal = await sut.authenticate(key.reveal(), LOCAL);
    const printed = inspect([sut, principal], { depth: 12, showHidden: true, getters: true });
    expect(printed).not.toContain(key.reveal().slice(19));
  });
});
