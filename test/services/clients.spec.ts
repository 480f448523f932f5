import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeyAuthenticator } from '../../src/auth/api-key-authenticator.js';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import { ClientsService } from '../../src/clients/clients.service.js';
import { ManagedClients } from '../../src/clients/managed-clients.service.js';
import { createClientApplication, temporaryInstallation } from '../support/client-application.js';

const FILE_KEY = `a-custom-key-${randomUUID()}`;

/** Two replicas on a PostgreSQL database of their own, with Redis between them. */
describe('clients on PostgreSQL', () => {
  const databaseName = `clients_${randomUUID().replaceAll('-', '')}`;
  const serverUrl = process.env.DATABASE_URL ?? '';
  let server: DataSource;
  let installation: Awaited<ReturnType<typeof temporaryInstallation>>;
  let replicas: INestApplicationContext[];

  beforeAll(async () => {
    server = await new DataSource({ type: 'postgres', url: serverUrl }).initialize();
    await server.query(`CREATE DATABASE ${databaseName}`);
    const url = new URL(serverUrl);
    url.pathname = databaseName;
    installation = await temporaryInstallation({
      DATABASE_URL: url.href,
      REDIS_URL: process.env.REDIS_URL ?? '',
    });
    const path = join(installation.env.DATA_DIR as string, 'test.yaml');
    const file = { clients: [{ name: 'from-file', apiKeys: [FILE_KEY], models: ['fast'] }] };
    await writeFile(path, JSON.stringify(file), { mode: 0o600 });
    installation.env.LLM_PROXY_CONFIG = path;
    const boot = async () => (await createClientApplication(installation.env)).init();
    replicas = await Promise.all([boot(), boot()]);
  });

  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await installation.remove();
    await server.query(`DROP DATABASE ${databaseName} WITH (FORCE)`);
    await server.destroy();
  });

  const onEach = <T>(type: { prototype: T }): T[] =>
    replicas.map((replica) => replica.get<T>(type as Type<T>, { strict: false }));

  /** 25 calls on each replica at once. */
  const race = async <T, R>(services: T[], call: (service: T) => Promise<R>) =>
    Promise.allSettled(
      services.flatMap((service) => Array.from({ length: 25 }, async () => call(service))),
    );

  const countFulfilled = (outcomes: ReadonlyArray<PromiseSettledResult<unknown>>) =>
    outcomes.filter(({ status }) => status === 'fulfilled').length;

  it('gives a name to exactly one of 50', async () => {
    const clients = onEach(ClientsService);
    expect(
      countFulfilled(await race(clients, (service) => service.create({ name: 'wanted' }))),
    ).toBe(1);
    expect((await clients[0]?.list())?.filter(({ name }) => name === 'wanted')).toHaveLength(1);
  });

  it('makes one client for 50 keys, and rotates one of them exactly once', async () => {
    const keys = onEach(ApiKeysService);
    const [first] = keys as [ApiKeysService, ApiKeysService];
    expect(countFulfilled(await race(keys, (service) => service.createForClientName('ci')))).toBe(
      50,
    );
    const made = (await first.list()).filter(({ clientName }) => clientName === 'ci');
    expect(made).toHaveLength(50);
    expect(new Set(made.map(({ clientId }) => clientId)).size).toBe(1);
    const id = made[0]?.id ?? '';
    expect(countFulfilled(await race(keys, (service) => service.rotate(id)))).toBe(1);
    expect((await first.list()).filter(({ clientName }) => clientName === 'ci')).toHaveLength(51);
  });

  it('has the clients of the file once, whoever stores them', async () => {
    const outcomes = await race(onEach(ManagedClients), (managed) => managed.sync());
    expect(countFulfilled(outcomes)).toBe(50);
    const rows: unknown[] = await (replicas[0] as INestApplicationContext)
      .get<DataSource>(getDataSourceToken())
      .query(
        `SELECT k.id FROM api_keys k JOIN clients c ON c.id = k.client_id WHERE c.name = 'from-file'`,
      );
    expect(rows).toHaveLength(1);
    for (const authenticator of onEach(ApiKeyAuthenticator)) {
      const principal = await authenticator.authenticate(FILE_KEY, '10.0.0.1');
      expect(principal?.clientName).toBe('from-file');
      expect([principal?.allowsModel('fast'), principal?.allowsModel('slow')]).toEqual([
        true,
        false,
      ]);
    }
  });

  it('refuses on one replica what was revoked on the other', async () => {
    const [keys] = onEach(ApiKeysService) as [ApiKeysService, ApiKeysService];
    const [, authenticator] = onEach(ApiKeyAuthenticator) as [
      ApiKeyAuthenticator,
      ApiKeyAuthenticator,
    ];
    const { id, key } = await keys.createForClientName('revoked', {
      expiresAt: Date.now() + 3_600_000,
    });
    expect(await authenticator.authenticate(key.reveal(), '10.0.0.1')).toMatchObject({ keyId: id });
    await keys.revoke(id);
    await expect
      .poll(async () => authenticator.authenticate(key.reveal(), '10.0.0.1'), { timeout: 5_000 })
      .toBeUndefined();
  });
});
