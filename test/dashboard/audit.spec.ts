import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import type { AuditPage } from '../../src/dashboard/audit/audit.view.js';
import type { ClientView } from '../../src/dashboard/clients/client.view.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/test-app.js';

let app: TestApp;
let call: ReturnType<typeof apiCaller>;

beforeAll(async () => {
  app = await TestApp.start();
  call = apiCaller(app);
});

afterAll(() => app.close());

const read = async (query: string): Promise<AuditPage> => {
  const answer = await call<AuditPage>('GET', `audit?${query}`);
  expect(answer.status).toBe(200);
  return answer.body;
};

const text = async (path: string): Promise<string> => {
  const answer = await fetch(`${app.url}/api/${path}`, {
    headers: { authorization: `Bearer ${app.adminKey}` },
  });
  expect(answer.status).toBe(200);
  return answer.text();
};

describe('/api/audit', () => {
  const ids: string[] = [];

  beforeAll(async () => {
    for (const name of ['first', 'second', '=third']) {
      const made = await call<ClientView>('POST', 'clients', { name });
      await call('PATCH', `clients/${made.body.id}`, { description: `${name}, changed` });
      ids.push(made.body.id);
    }
  });

  it('tells who changed what, from what to what', async () => {
    const { items, nextCursor } = await read(`subject=${ids[0]}`);
    expect(nextCursor).toBeNull();
    expect(items.map(({ action }) => action)).toEqual(['client.update', 'client.create']);
    expect(items[0]).toMatchObject({
      actor: { kind: 'key', name: 'test-admin' },
      subject: { type: 'client', id: ids[0], name: 'first' },
      before: { description: null },
      after: { description: 'first, changed' },
      requestId: expect.stringMatching(/^req_/) as string,
      address: expect.stringContaining('127.0.0.1') as string,
    });
    expect(items[1]?.before).toBeNull();
  });

  it('pages from the newest to the oldest, each once', async () => {
    const all = (await read('action=client&actor=test-admin')).items.map(({ id }) => id);
    const paged: string[] = [];
    let cursor = '';
    for (;;) {
      const page = await read(`action=client&actor=test-admin&limit=2${cursor}`);
      paged.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(all).toHaveLength(6);
    expect(paged).toEqual(all);
    expect(all.toSorted().reverse()).toEqual(all);
  });

  it('narrows by action, actor, name of the subject and time', async () => {
    expect((await read('action=client.update')).items).toHaveLength(3);
    expect((await read('action=clien')).items).toHaveLength(0);
    expect((await read('actor=nobody')).items).toHaveLength(0);
    const [update] = (await read('subject=second')).items;
    const at = encodeURIComponent(update?.createdAt ?? '');
    const from = await read(`subject=second&action=client.update&from=${at}`);
    expect(from.items.map(({ id }) => id)).toEqual([update?.id]);
    expect((await read(`subject=second&action=client.update&to=${at}`)).items).toHaveLength(0);
  });

  it('refuses what it does not know', async () => {
    expect((await call('GET', 'audit?from=yesterday')).status).toBe(400);
    expect((await call('GET', 'audit?order=oldest')).status).toBe(400);
    expect((await call('DELETE', 'audit')).status).toBe(404);
  });

  it('exports what was asked for as CSV, in which nothing is a formula', async () => {
    const lines = (await text('audit/export?action=client.create')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + (await read('action=client.create')).items.length);
    expect(lines[0]).toMatch(/^id,created_at,actor_kind/);
    expect(lines[1]).toContain(",'=third,");
  });

  it('is closed to keys of clients', async () => {
    const { key } = await app.app.get(ApiKeysService).createForClientName('consumer');
    const other = apiCaller(app, key.reveal());
    expect((await other('GET', 'audit')).status).toBe(403);
    expect((await other('GET', 'audit/export')).status).toBe(403);
  });
});
