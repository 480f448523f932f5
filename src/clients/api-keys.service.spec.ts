import type { INestApplicationContext } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createClientApplication,
  temporaryInstallation,
} from '../../test/support/client-application.js';
import { ApiKeysService, DEFAULT_OVERLAP_MS } from './api-keys.service.js';
import { ClientsService } from './clients.service.js';
import { DEMO_CLIENT_ID } from './demo-client.js';

const NOW = Date.UTC(2030, 0, 1);

describe(ApiKeysService.name, () => {
  let installation: Awaited<ReturnType<typeof temporaryInstallation>>;
  let application: INestApplicationContext;
  let sut: ApiKeysService;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    installation = await temporaryInstallation();
    application = await (await createClientApplication(installation.env)).init();
    sut = application.get(ApiKeysService, { strict: false });
  });

  afterEach(async () => {
    await application.close();
    await installation.remove();
    vi.useRealTimers();
  });

  const listMade = async () => (await sut.list()).filter(({ source }) => source === 'api');

  it('shows a key once and stores it nowhere', async () => {
    const created = await sut.createForClientName('ci', { role: 'admin' });
    expect(created).toMatchObject({
      clientName: 'ci',
      role: 'admin',
      status: 'active',
      expiresAt: null,
    });
    const listed = JSON.stringify(await sut.list());
    const dataSource = application.get<DataSource>(getDataSourceToken());
    const stored = JSON.stringify([
      await dataSource.query('SELECT * FROM api_keys'),
      await dataSource.query('SELECT * FROM clients'),
    ]);
    const secret = created.key.reveal().slice(19);
    expect(stored).not.toContain(secret);
    expect(listed).not.toContain(secret);
    const [row] = await dataSource.query<Array<{ hash: string }>>(
      'SELECT hash FROM api_keys WHERE id = ?',
      [created.id],
    );
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(listed).not.toContain(row?.hash);
  });

  it('makes one client and 50 keys for 50 that ask at once', async () => {
    const created = await Promise.all(
      Array.from({ length: 50 }, () => sut.createForClientName('ci')),
    );
    expect(new Set(created.map(({ id }) => id)).size).toBe(50);
    expect(new Set(created.map(({ clientId }) => clientId)).size).toBe(1);
    expect(await listMade()).toHaveLength(50);
  });

  it('rotates a key exactly once when 50 ask at once', async () => {
    const { id } = await sut.createForClientName('ci');
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => sut.rotate(id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const keys = await listMade();
    expect(keys).toHaveLength(2);
    expect(keys.find((key) => key.id === id)?.expiresAt).toBe(NOW + DEFAULT_OVERLAP_MS);
    expect(keys.find((key) => key.id !== id)?.expiresAt).toBeNull();
  });

  it('lets the old key overlap, or not', async () => {
    const first = await sut.createForClientName('ci', { role: 'admin' });
    const second = await sut.rotate(first.id, { overlapMs: 60_000 });
    expect(second).toMatchObject({
      role: 'admin',
      clientId: first.clientId,
      replaces: { id: first.id, expiresAt: NOW + 60_000, status: 'active' },
    });
    const third = await sut.rotate(second.id, { overlapMs: 0 });
    expect(third.replaces).toMatchObject({ id: second.id, expiresAt: NOW, status: 'expired' });
    await expect(sut.rotate(second.id)).rejects.toMatchObject({ code: 'invalid_value' });
  });

  it('never prolongs a key by rotating it, and asks how long its successor lives', async () => {
    const { id } = await sut.createForClientName('ci', { expiresAt: NOW + 1_000 });
    await expect(sut.rotate(id)).rejects.toMatchObject({
      code: 'invalid_value',
      param: 'expiresAt',
    });
    const successor = await sut.rotate(id, { expiresAt: NOW + 5_000 });
    expect(successor).toMatchObject({
      expiresAt: NOW + 5_000,
      replaces: { expiresAt: NOW + 1_000 },
    });
  });

  it('says what became of each key', async () => {
    const active = await sut.createForClientName('ci');
    const expired = await sut.createForClientName('ci', { expiresAt: NOW + 1 });
    const revoked = await sut.createForClientName('ci');
    const inactive = await sut.createForClientName('gone');
    await sut.revoke(revoked.id);
    await application.get(ClientsService, { strict: false }).delete(inactive.clientId);
    vi.setSystemTime(NOW + 1);
    const statuses = new Map((await listMade()).map(({ id, status }) => [id, status]));
    expect(statuses.get(active.id)).toBe('active');
    expect(statuses.get(expired.id)).toBe('expired');
    expect(statuses.get(revoked.id)).toBe('revoked');
    expect(statuses.get(inactive.id)).toBe('client_inactive');
    expect(await sut.list({ clientId: inactive.clientId })).toHaveLength(1);
  });

  it('keeps the moment of the first revocation', async () => {
    const { id } = await sut.createForClientName('ci');
    expect(await sut.revoke(id)).toMatchObject({ status: 'revoked', revokedAt: NOW });
    vi.setSystemTime(NOW + 5_000);
    expect(await sut.revoke(id)).toMatchObject({ revokedAt: NOW });
    await expect(sut.rotate(id)).rejects.toMatchObject({ code: 'invalid_value' });
  });

  it('does not change the models of a client that exists', async () => {
    await sut.createForClientName('ci', { allowedModels: ['fast', 'slow'] });
    await sut.createForClientName('ci', { allowedModels: ['slow', 'fast'] });
    await sut.createForClientName('ci');
    await expect(sut.createForClientName('ci', { allowedModels: ['*'] })).rejects.toMatchObject({
      param: 'allowedModels',
    });
    expect(await listMade()).toHaveLength(3);
  });

  it('makes no client when the key is refused', async () => {
    await expect(sut.createForClientName('ci', { expiresAt: NOW })).rejects.toMatchObject({
      param: 'expiresAt',
    });
    expect(
      await application.get(ClientsService, { strict: false }).findByName('ci'),
    ).toBeUndefined();
  });

  it('refuses what cannot be', async () => {
    const { id, clientId } = await sut.createForClientName('ci');
    await expect(sut.create('client_none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(sut.create(DEMO_CLIENT_ID)).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(sut.rotate('none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(sut.revoke('none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(sut.rotate(id, { overlapMs: -1 })).rejects.toMatchObject({ param: 'overlapMs' });
    await expect(sut.rotate(id, { overlapMs: Number.NaN })).rejects.toMatchObject({
      param: 'overlapMs',
    });
    await application.get(ClientsService, { strict: false }).delete(clientId);
    await expect(sut.create(clientId)).rejects.toMatchObject({ code: 'invalid_value' });
  });
});
