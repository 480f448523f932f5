import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import type { ModelPage, ModelView } from '../../src/dashboard/models/model.view.js';
import type { RoutePage, RouteView } from '../../src/dashboard/models/route.view.js';
import { READER } from '../../src/database/data-source-options.js';
import { apiCaller } from '../support/api-caller.js';
import { HELLO } from '../support/prompts.js';
import { TestApp } from '../support/test-app.js';

let app: TestApp;
let call: ReturnType<typeof apiCaller>;

beforeAll(async () => {
  app = await TestApp.start({
    yaml: `
providers:
  - { name: one, type: simulated }
  - { name: two, type: simulated }
models:
  - { name: filed, targets: [{ model: one/echo }] }
  - { name: both, targets: [{ model: one/echo }, { model: two/echo }] }
prices: [{ model: two/echo, input: 5, output: 5 }]
`,
  });
  call = apiCaller(app);
});

afterAll(() => app.close());

const bearer = () => ({ authorization: `Bearer ${app.adminKey}` });

async function ask(model: string) {
  const answer = await app.chat({ model, messages: HELLO }, bearer());
  const body = (await answer.json()) as { usage?: { cost: number }; error?: { code: string } };
  return {
    status: answer.status,
    provider: answer.headers.get('x-llm-proxy-provider'),
    cost: body.usage?.cost,
    code: body.error?.code,
  };
}

async function listedIds(): Promise<string[]> {
  const answer = await fetch(`${app.url}/v1/models`, { headers: bearer() });
  return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
}

const patch = (id: string, body: object) => call<ModelView>('PATCH', `models/${id}`, body);

const auditOf = async (name: string): Promise<string[]> =>
  (
    await app.app
      .get<DataSource>(getDataSourceToken(READER))
      .manager.find(AuditEntry, { where: { subjectId: name }, order: { id: 'ASC' } })
  ).map(({ action }) => action);

describe('/api/models', () => {
  it('shows what is known of each model', async () => {
    await ask('one/echo');
    const { body } = await call<ModelPage>('GET', 'models?provider=one');
    const echo = body.items.find(({ id }) => id === 'one/echo');
    expect(echo).toMatchObject({
      kind: 'model',
      provider: 'one',
      model: 'echo',
      enabled: true,
      price: { source: 'simulated', input: 1, output: 3, perRequestUsd: 0 },
      override: null,
      aliases: ['filed', 'both'],
    });
    expect(Date.parse(echo?.lastUsedAt ?? '')).toBeLessThanOrEqual(Date.now());
    const filed = body.items.find(({ id }) => id === 'filed');
    expect(filed).toMatchObject({ kind: 'route', provider: 'one', model: 'echo', aliases: [] });
    expect((await call<ModelView>('GET', 'models/two/echo')).body).toMatchObject({
      price: { source: 'override', input: 5 },
      override: { source: 'file', prices: null },
    });
    expect((await call<ModelPage>('GET', 'models?search=ECH&kind=model')).body.items).toMatchObject(
      [{ id: 'one/echo' }, { id: 'two/echo' }],
    );
    const first = (await call<ModelPage>('GET', 'models?limit=1')).body;
    expect(first.items).toHaveLength(1);
    const rest = (await call<ModelPage>('GET', `models?cursor=${first.nextCursor}`)).body;
    expect(rest.items.map(({ id }) => id)).not.toContain(first.items[0]?.id);
    expect((await call('GET', 'models/nobody/echo')).status).toBe(404);
  });

  it('has the next request cost what was just set, with an id that is written either way', async () => {
    const before = (await ask('one/echo')).cost as number;
    const set = await patch('one/echo', { prices: [{ input: '10', output: '30' }] });
    expect(set).toMatchObject({
      status: 200,
      body: {
        price: { source: 'override', input: 10, output: 30 },
        override: { source: 'stored', prices: [{ input: '10', output: '30' }] },
      },
    });
    expect((await ask('one/echo')).cost).toBeCloseTo(before * 10, 12);
    expect(await patch(encodeURIComponent('one/echo'), { prices: null })).toMatchObject({
      body: { price: { source: 'simulated' }, override: null },
    });
    expect((await ask('one/echo')).cost).toBe(before);
    expect(await auditOf('one/echo')).toEqual(['price.create', 'price.delete']);
  });

  it.each([
    [{ prices: [] }, 'prices'],
    [{ prices: [{ input: -1 }] }, 'prices'],
    [{ prices: [{ input: '0.0000001' }] }, 'prices'],
    [{ prices: [{ colour: 1 }] }, 'prices'],
    [{ enabled: 'yes' }, 'enabled'],
    [{ alias: 'with space' }, 'name'],
  ])('refuses %j', async (body, param) => {
    expect(await patch('one/echo', body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_value', param } },
    });
  });

  it('leaves a price of the file as it is', async () => {
    expect((await patch('two/echo', { prices: null })).status).toBe(409);
  });

  it('hides a model that is turned off, also behind public names', async () => {
    expect(await ask('filed')).toMatchObject({ status: 200 });
    expect(await patch('one/echo', { enabled: false })).toMatchObject({ body: { enabled: false } });
    expect(await ask('one/echo')).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await ask('filed')).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await ask('both')).toMatchObject({ status: 200, provider: 'two' });
    expect(await listedIds()).not.toContain('one/echo');
    expect((await fetch(`${app.url}/v1/models/one/echo`, { headers: bearer() })).status).toBe(404);
    expect((await call<ModelPage>('GET', 'models')).body.items.map(({ id }) => id)).toContain(
      'one/echo',
    );
    await patch('one/echo', { enabled: true });
    expect(await ask('both')).toMatchObject({ status: 200, provider: 'one' });
    expect(await listedIds()).toContain('one/echo');

    await patch('both', { enabled: false });
    expect(await ask('both')).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await listedIds()).not.toContain('both');
    await patch('both', { enabled: true });
    expect(await auditOf('both')).toEqual(['model.create', 'model.delete']);
  });

  it('gives a model one more name', async () => {
    expect(await patch('two/echo', { alias: 'team/fast' })).toMatchObject({
      body: { aliases: ['team/fast'] },
    });
    expect(await ask('team/fast')).toMatchObject({ status: 200, provider: 'two' });
    expect((await call('DELETE', 'routes/team/fast')).status).toBe(204);
    expect(await ask('team/fast')).toMatchObject({ status: 404 });
  });
});

describe('/api/routes', () => {
  it('makes, shows, changes and deletes a route', async () => {
    const made = await call<RouteView>('POST', 'routes', {
      name: 'smart',
      strategy: 'weighted',
      affinity: 'none',
      targets: [
        { model: 'one/echo', weight: 0 },
        { model: 'two/echo', weight: 1, tags: ['eu'] },
      ],
      fallbacks: ['one/echo'],
      contextFallbacks: ['filed'],
      hedge: { afterMs: 'p95', maxExtraPercent: 7 },
    });
    expect(made).toEqual({
      status: 201,
      body: {
        name: 'smart',
        source: 'stored',
        managedBy: null,
        enabled: true,
        problems: [],
        strategy: 'weighted',
        affinity: 'none',
        targets: [
          { model: 'one/echo', weight: 0, tags: [] },
          { model: 'two/echo', weight: 1, tags: ['eu'] },
        ],
        fallbacks: ['one/echo'],
        contextFallbacks: ['filed'],
        contentPolicyFallbacks: [],
        hedge: { afterMs: 'p95', maxExtraPercent: 7, sameTarget: false },
      },
    });
    expect(await ask('smart')).toMatchObject({ status: 200, provider: 'two' });
    const changed = await call<RouteView>('PATCH', 'routes/smart', {
      strategy: 'priority',
      hedge: null,
    });
    expect(changed.body).toMatchObject({ strategy: 'priority', hedge: null, affinity: 'none' });
    expect(await ask('smart')).toMatchObject({ status: 200, provider: 'one' });
    expect((await call('POST', 'routes', { name: 'smart', targets: [] })).status).toBe(409);
    expect((await call('DELETE', 'routes/smart')).status).toBe(204);
    expect(await ask('smart')).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await auditOf('smart')).toEqual(['route.create', 'route.update', 'route.delete']);
  });

  it('shows those of the file, and leaves them as they are', async () => {
    const { items } = (await call<RoutePage>('GET', 'routes')).body;
    expect(items).toMatchObject([
      { name: 'both', source: 'file', managedBy: 'llm-proxy.yaml' },
      { name: 'filed', source: 'file' },
    ]);
    expect((await call('PATCH', 'routes/filed', { strategy: 'cost' })).status).toBe(409);
    expect((await call('DELETE', 'routes/filed')).status).toBe(409);
    const again = { name: 'filed', targets: [{ model: 'two/echo' }] };
    expect((await call('POST', 'routes', again)).status).toBe(409);
    expect((await call('DELETE', 'routes/absent')).status).toBe(404);
  });

  it.each([
    [{ targets: [] }, 'targets'],
    [{ targets: [{ model: 'nobody/echo' }] }, undefined],
    [{ targets: [{ model: 'bare' }] }, 'targets'],
    [{ targets: [{ model: 'one/echo', weight: -1 }] }, 'targets'],
    [{ targets: [{ model: 'one/echo' }], strategy: 'luck' }, 'strategy'],
    [{ targets: [{ model: 'one/echo' }], limits: {} }, 'limits'],
    [{ targets: [{ model: 'one/echo' }], hedge: { afterMs: 'soon' } }, 'hedge'],
  ])('refuses %j', async (body, param) => {
    const refused = await call<{ error: object }>('POST', 'routes', { name: 'wrong', ...body });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid_value' } } });
    if (param !== undefined) expect(refused.body.error).toMatchObject({ param });
  });
});
