import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs } from '../../src/audit/acting.js';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import type { ClientPage, ClientView } from '../../src/dashboard/clients/client.view.js';
import type { ApiKeyPage, NewApiKeyView } from '../../src/dashboard/clients/api-key.view.js';
import { READER } from '../../src/database/data-source-options.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/test-app.js';

const SOON = { timeout: 5_000 };

let app: TestApp;
let call: ReturnType<typeof apiCaller>;

beforeAll(async () => {
  app = await TestApp.start({
    yaml: `
providers: [{ name: one, type: simulated }]
clients: [{ name: filed, apiKeys: ["key-of-the-configuration-file-0123456789"] }]
`,
  });
  call = apiCaller(app);
});

afterAll(() => app.close());

const create = async (body: object): Promise<ClientView> => {
  const answer = await call<ClientView>('POST', 'clients', body);
  expect(answer.status).toBe(201);
  return answer.body;
};

const chat = async (key: string): Promise<number> =>
  (
    await app.chat(
      { model: 'one/echo', messages: [{ role: 'user', content: 'hi' }] },
      { authorization: `Bearer ${key}` },
    )
  ).status;

const changes = (id: string): Promise<AuditEntry[]> =>
  app.app
    .get<DataSource>(getDataSourceToken(READER))
    .manager.find(AuditEntry, { where: { subjectId: id }, order: { id: 'ASC' } });

describe('/api/clients', () => {
  it('makes, shows, changes and lists a client', async () => {
    const made = await create({ name: 'shop', description: 'web', allowedModels: ['one/*'] });
    expect(made).toMatchObject({
      name: 'shop',
      source: 'api',
      isActive: true,
      activeKeys: 0,
      limits: { requestsPerMinute: null, tokensPerMinute: null, maxConcurrent: null },
    });
    const changed = await call<ClientView>('PATCH', `clients/${made.id}`, {
      name: 'store',
      description: null,
      isActive: false,
      limits: { requestsPerMinute: 7 },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        id: made.id,
        name: 'store',
        description: null,
        isActive: false,
        allowedModels: ['one/*'],
        limits: { requestsPerMinute: 7 },
      },
    });
    expect((await call('GET', `clients/${made.id}`)).body).toEqual(changed.body);
    const { body } = await call<ClientPage>('GET', 'clients?limit=1');
    expect(body.items).toHaveLength(1);
    const rest = await call<ClientPage>('GET', `clients?cursor=${body.nextCursor}`);
    const names = [...body.items, ...rest.body.items].map(({ name }) => name);
    expect(names.toSorted()).toEqual(['filed', 'store', 'test-admin']);
  });

  it('holds a client to a limit that was just set, and lifts it', async () => {
    const { id } = await create({ name: 'limited', limits: { requestsPerMinute: 0 } });
    const { key } = (await call<NewApiKeyView>('POST', `clients/${id}/keys`, {})).body;
    await expect.poll(() => chat(key), SOON).toBe(429);
    await call('PATCH', `clients/${id}`, { limits: { requestsPerMinute: null } });
    await expect.poll(() => chat(key), SOON).toBe(200);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x', colour: 'red' }, 'colour'],
    [{ name: 'x', source: 'config' }, 'source'],
    [{ name: 'x', limits: { requestsPerMinute: -1 } }, 'limits'],
    [{ name: 'filed' }, 'name'],
  ])('refuses %j', async (body, param) => {
    expect(await call('POST', 'clients', body)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', param } },
    });
  });

  it('leaves what the configuration file manages as it is', async () => {
    const { items } = (await call<ClientPage>('GET', 'clients')).body;
    const filed = items.find(({ name }) => name === 'filed') as ClientView;
    expect(filed.source).toBe('config');
    expect((await call('PATCH', `clients/${filed.id}`, { name: 'mine' })).status).toBe(400);
    expect((await call('DELETE', `clients/${filed.id}`)).status).toBe(400);
  });

  it('answers 404 for a client that is not there', async () => {
    for (const [method, path] of [
      ['GET', 'clients/client_0'],
      ['PATCH', 'clients/client_0'],
      ['DELETE', 'clients/client_0'],
      ['GET', 'clients/client_0/keys'],
    ] as const) {
      expect(await call(method, path, method === 'PATCH' ? {} : undefined)).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
    }
  });

  it('writes down each change with what was before and after', async () => {
    const { id } = await create({ name: 'told' });
    await call('PATCH', `clients/${id}`, { description: 'new' });
    await call('DELETE', `clients/${id}`);
    const told = (await changes(id)).map(({ action, actorKind, actorName, before, after }) => ({
      action,
      actor: `${actorKind} ${actorName}`,
      before: before === null ? null : (JSON.parse(before) as object),
      after: JSON.parse(after as string) as object,
    }));
    const actor = 'key test-admin';
    expect(told).toMatchObject([
      { action: 'client.create', actor, before: null, after: { name: 'told' } },
      {
        action: 'client.update',
        actor,
        before: { description: null },
        after: { description: 'new' },
      },
      { action: 'client.update', actor, before: { isActive: true }, after: { isActive: false } },
    ]);
  });
});

describe('/api/clients/:id/keys', () => {
  it('shows a key once, rotates it with an overlap and revokes it', async () => {
    const { id } = await create({ name: 'keyed' });
    const made = (await call<NewApiKeyView>('POST', `clients/${id}/keys`, {})).body;
    expect(await chat(made.key)).toBe(200);
    const listed = await call<ApiKeyPage>('GET', `clients/${id}/keys`);
    expect(listed.body.items).toMatchObject([{ id: made.id, status: 'active', expiresAt: null }]);
    expect(JSON.stringify(listed.body)).not.toContain(made.key);

    const rotated = await call<NewApiKeyView>('POST', `clients/${id}/keys/${made.id}/rotate`, {
      overlapSeconds: 3600,
    });
    expect(rotated.status).toBe(201);
    expect([await chat(made.key), await chat(rotated.body.key)]).toEqual([200, 200]);

    expect(await call('DELETE', `clients/${id}/keys/${made.id}`)).toMatchObject({
      status: 200,
      body: { status: 'revoked' },
    });
    expect([await chat(made.key), await chat(rotated.body.key)]).toEqual([401, 200]);
    const told = await changes(made.id);
    expect(told.map(({ action }) => action)).toEqual([
      'api_key.create',
      'api_key.rotate',
      'api_key.revoke',
    ]);
    expect(JSON.stringify(told)).not.toContain(made.key.slice(-38));
  });

  it("does not reach a key through another client's address", async () => {
    const one = await create({ name: 'one' });
    const other = await create({ name: 'other' });
    const { id } = (await call<NewApiKeyView>('POST', `clients/${one.id}/keys`, {})).body;
    for (const path of [
      `clients/${other.id}/keys/${id}/rotate`,
      `clients/${other.id}/keys/${id}`,
    ]) {
      const method = path.endsWith('rotate') ? 'POST' : 'DELETE';
      expect((await call(method, path, method === 'POST' ? {} : undefined)).status).toBe(404);
    }
  });

  it('lets only an admin make or change a key that opens /api', async () => {
    const keys = app.app.get(ApiKeysService);
    const { id } = await keys.createForClientName('automation', { role: 'admin' });
    const operator = {
      kind: 'person',
      id: 'user_1',
      name: 'o@example.com',
      role: 'operator',
    } as const;
    const refused = { code: 'insufficient_permissions' };
    await actAs(operator, async () => {
      await expect(keys.createForClientName('x', { role: 'admin' })).rejects.toMatchObject(refused);
      await expect(keys.rotate(id)).rejects.toMatchObject(refused);
      await expect(keys.revoke(id)).rejects.toMatchObject(refused);
    });
    expect((await keys.list()).find((key) => key.id === id)?.status).toBe('active');
  });
});

describe('the audit', () => {
  it('cannot be changed or emptied, by whoever has the database', async () => {
    const { manager } = app.app.get<DataSource>(getDataSourceToken());
    await expect(manager.query('DELETE FROM audit_entries')).rejects.toThrow('append-only');
    await expect(manager.query("UPDATE audit_entries SET actor_name = 'x'")).rejects.toThrow(
      'append-only',
    );
  });
});
