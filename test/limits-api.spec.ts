import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { ClientsService } from '../src/clients/clients.service.js';
import { LimitRules } from '../src/limits/rules/limit-rules.js';
import { book } from './support/book-entries.js';
import { TestApp } from './support/test-app.js';

const FILE_KEY = 'key-of-the-configuration-file-0123456789';
const SOON = { timeout: 5_000 };

interface Rule {
  id: string;
  scope: string;
  scopeId: string;
  source: string;
}

let app: TestApp;
let clientId: string;
let keyId: string;

beforeAll(async () => {
  app = await TestApp.start({
    yaml: `
providers: [{ name: one, type: simulated }]
prices: [{ model: one/echo, input: 1, output: 1 }]
clients:
  - name: filed
    apiKeys: ["${FILE_KEY}"]
    limits: { requestsPerMinute: 5 }
    budget: { usd: 5, period: month, timeZone: Asia/Kathmandu }
`,
  });
  const key = await app.app.get(ApiKeysService).createForClientName('ci');
  clientId = key.clientId;
  keyId = key.id;
});

afterAll(() => app.close());

const rules = () => app.app.get(LimitRules, { strict: false });

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${app.url}/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${app.adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as never };
}

async function list<Item = Rule>(path: 'limits' | 'budgets'): Promise<Item[]> {
  const { status, body } = await call('GET', path);
  expect(status).toBe(200);
  return (body as { items: Item[] }).items;
}

async function expectRefusal(
  answer: Promise<{ status: number; body: unknown }>,
  status: number,
  error: object,
) {
  expect(await answer).toMatchObject({ status, body: { error } });
}

const WRONG = { code: 'invalid_value' };

describe('/api/limits', () => {
  it('is closed to keys that are no admin', async () => {
    for (const path of ['limits', 'budgets', `clients/${clientId}/on-limit`]) {
      const answer = await fetch(`${app.url}/api/${path}`, { headers: { 'x-api-key': FILE_KEY } });
      expect(answer.status).toBe(403);
    }
  });

  it('puts a limit in force, replaces it and takes it away', async () => {
    const limit = { scope: 'client', scopeId: clientId, requestsPerMinute: 100 };
    const made = await call('PUT', 'limits', limit);
    expect(made).toEqual({
      status: 200,
      body: {
        id: expect.stringMatching(/^limit_[0-9a-f]{32}$/) as string,
        endpoint: null,
        tokensPerMinute: null,
        maxConcurrent: null,
        source: 'api',
        ...limit,
      },
    });
    const { id } = made.body as Rule;
    const inForce = () => rules().limitsOf('client', clientId);
    await expect.poll(inForce, SOON).toMatchObject([{ id, requestsPerMinute: 100 }]);

    const changed = { ...limit, requestsPerMinute: null, maxConcurrent: 0 };
    expect((await call('PUT', 'limits', changed)).body).toMatchObject({ id, ...changed });
    await expect.poll(inForce, SOON).toMatchObject([{ id, maxConcurrent: 0 }]);
    expect(inForce()[0]?.requestsPerMinute).toBeUndefined();

    const other = { ...limit, endpoint: 'embeddings' };
    const { body } = await call('PUT', 'limits', other);
    expect((body as Rule).id).not.toBe(id);
    await expect.poll(inForce, SOON).toHaveLength(2);

    expect((await call('DELETE', `limits/${id}`)).status).toBe(204);
    await expect.poll(inForce, SOON).toMatchObject([{ endpoint: 'embeddings' }]);
    expect((await call('DELETE', `limits/${(body as Rule).id}`)).status).toBe(204);
    await expectRefusal(call('DELETE', `limits/${id}`), 404, { code: 'not_found' });
  });

  it('makes one limit of many puts at once', async () => {
    const limit = { scope: 'key', scopeId: keyId };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        call('PUT', 'limits', { ...limit, requestsPerMinute: index }),
      ),
    );
    expect(new Set(answers.map(({ body }) => (body as Rule).id)).size).toBe(1);
    expect((await list('limits')).filter(({ scope }) => scope === 'key')).toHaveLength(1);
  });

  it('holds a limit beside one of the file', async () => {
    const [filed] = (await list('limits')).filter(({ source }) => source === 'config');
    await call('PUT', 'limits', { ...pick(filed), requestsPerMinute: 3 });
    await expect
      .poll(() => rules().limitsOf('client', filed?.scopeId ?? ''), SOON)
      .toMatchObject([{ requestsPerMinute: 5 }, { requestsPerMinute: 3 }]);
    await expectRefusal(call('DELETE', `limits/${filed?.id}`), 409, {
      code: 'conflict',
      message: expect.stringContaining('managed by llm-proxy.yaml') as string,
    });
  });

  it('gives every limit once, page by page', async () => {
    const found: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await call('GET', `limits?limit=1&cursor=${cursor}`);
      const page = body as { items: Rule[]; nextCursor: string | null };
      found.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(found).toHaveLength((await list('limits')).length);
    expect(new Set(found).size).toBe(found.length);
  });

  it.each<[string, object, string]>([
    ['a scope of its own making', { scope: 'planet' }, 'scope'],
    ['a client that is none', { scope: 'client', scopeId: 'client_no' }, 'scopeId'],
    ['a client without id', { scope: 'client' }, 'scopeId'],
    ['a key that is none', { scope: 'key', scopeId: 'nokey' }, 'scopeId'],
    ['an instance that is none', { scope: 'provider', scopeId: 'two' }, 'scopeId'],
    ['a model with spaces', { scope: 'model', scopeId: 'a b' }, 'scopeId'],
    ['an id for global', { scope: 'global', scopeId: 'x' }, 'scopeId'],
    ['an unknown endpoint', { scope: 'global', endpoint: 'chats' }, 'endpoint'],
    [
      'an endpoint of a provider',
      { scope: 'provider', scopeId: 'one', endpoint: 'chat' },
      'endpoint',
    ],
    ['less than nothing', { scope: 'global', requestsPerMinute: -1 }, 'requestsPerMinute'],
    ['half a request', { scope: 'global', requestsPerMinute: 0.5 }, 'requestsPerMinute'],
    ['too much', { scope: 'global', tokensPerMinute: 1e13 }, 'tokensPerMinute'],
    ['text for a figure', { scope: 'global', maxConcurrent: '5' }, 'maxConcurrent'],
    ['no figure', { scope: 'global', maxConcurrent: null }, 'requestsPerMinute'],
    ['a member it does not know', { scope: 'global', perDay: 5 }, 'perDay'],
  ])('refuses %s', async (_, body, param) => {
    const figure = 'maxConcurrent' in body ? {} : { maxConcurrent: 1 };
    await expectRefusal(call('PUT', 'limits', { ...figure, ...body }), 400, { ...WRONG, param });
  });
});

describe('/api/budgets', () => {
  interface Budget extends Rule {
    limitNanoUsd: string;
    resetsAt: string | null;
    spentNanoUsd: string;
  }

  it('makes, changes and removes a budget', async () => {
    const budget = { scope: 'client', scopeId: clientId, period: 'total' };
    const made = await call('POST', 'budgets', { ...budget, limitUsd: 0.1 });
    expect(made).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^budget_[0-9a-f]{32}$/) as string,
        ...budget,
        limitNanoUsd: '100000000',
        limitUsd: 0.1,
        spentNanoUsd: '0',
        spentUsd: 0,
        reservedNanoUsd: '0',
        reservedUsd: 0,
        timeZone: 'UTC',
        alerts: [80, 100],
        resetsAt: null,
        source: 'api',
      },
    });
    const { id } = made.body as Budget;
    const inForce = () => rules().budgetsOf('client', clientId);
    await expect.poll(inForce, SOON).toMatchObject([{ id, limitNanoUsd: 1e8 }]);

    const change = { limitNanoUsd: '9000000000000000', period: 'day', alerts: [90, 10, 90] };
    expect((await call('PATCH', `budgets/${id}`, change)).body).toMatchObject({
      id,
      limitNanoUsd: '9000000000000000',
      limitUsd: 9_000_000,
      alerts: [10, 90],
      resetsAt: new Date(Math.ceil(Date.now() / 864e5) * 864e5).toISOString(),
    });
    await expect.poll(inForce, SOON).toMatchObject([{ period: 'day', alertPercents: [10, 90] }]);

    expect((await call('DELETE', `budgets/${id}`)).status).toBe(204);
    await expect.poll(inForce, SOON).toEqual([]);
    await expectRefusal(call('PATCH', `budgets/${id}`, {}), 404, { code: 'not_found' });
  });

  it('has one budget per period', async () => {
    const budget = { scope: 'provider', scopeId: 'one', period: 'week', limitUsd: 1 };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('POST', 'budgets', budget)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    const other = await call('POST', 'budgets', { ...budget, period: 'day' });
    expect(other.status).toBe(201);
    const { id } = other.body as Budget;
    await expectRefusal(call('PATCH', `budgets/${id}`, { period: 'week' }), 409, {
      code: 'conflict',
    });
  });

  it('leaves those of the file to the file', async () => {
    const [filed] = (await list<Budget>('budgets')).filter(({ source }) => source === 'config');
    expect(filed).toMatchObject({ limitNanoUsd: '5000000000', timeZone: 'Asia/Kathmandu' });
    expect(filed?.resetsAt).toMatch(/T18:15:00\.000Z$/);
    const conflict = { code: 'conflict' };
    await expectRefusal(call('PATCH', `budgets/${filed?.id}`, { limitUsd: 1 }), 409, conflict);
    await expectRefusal(call('DELETE', `budgets/${filed?.id}`), 409, conflict);
  });

  it('tells what was spent in the period, by the subject', async () => {
    for (const scope of ['global', 'key'] as const) {
      const scopeId = scope === 'key' ? keyId : '';
      await call('POST', 'budgets', { scope, scopeId, period: 'month', limitUsd: '1.5' });
    }
    const spent = async () =>
      Object.fromEntries(
        (await list<Budget>('budgets'))
          .filter(({ scope }) => scope === 'global' || scope === 'key')
          .map((budget) => [budget.scope, Number(budget.spentNanoUsd)]),
      );
    expect(await spent()).toEqual({ global: 0, key: 0 });
    await spend(keyId);
    await spend('another');
    const rows = await app.rows();
    const sum = (ids: string[]) =>
      rows
        .filter((row) => ids.includes(row.api_key_id))
        .reduce((total, row) => total + (row.cost_nano_usd ?? 0), 0);
    expect(sum([keyId])).toBeGreaterThan(0);
    expect(await spent()).toEqual({ global: sum([keyId, 'another']), key: sum([keyId]) });
  });

  it.each<[string, object, string]>([
    ['no amount', { limitUsd: undefined }, 'limitUsd'],
    ['two amounts', { limitNanoUsd: '1' }, 'limitNanoUsd'],
    ['less than nothing', { limitUsd: -1 }, 'limitUsd'],
    ['less than a nano-USD', { limitUsd: '0.0000000001' }, 'limitUsd'],
    ['more than can be counted', { limitUsd: 9_000_001 }, 'limitUsd'],
    ['a fraction of a nano-USD', { limitUsd: undefined, limitNanoUsd: '0.5' }, 'limitNanoUsd'],
    ['no period', { period: undefined }, 'period'],
    ['a period of its own making', { period: 'year' }, 'period'],
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['an offset for a time zone', { timeZone: '+02:00' }, 'timeZone'],
    ['an alert beyond the limit', { alerts: [101] }, 'alerts'],
    ['a model', { scope: 'model', scopeId: 'one/model' }, 'scope'],
    ['a client that is none', { scope: 'client', scopeId: 'client_no' }, 'scopeId'],
  ])('refuses %s', async (_, body, param) => {
    const budget = { scope: 'global', period: 'total', limitUsd: 1, ...body };
    await expectRefusal(call('POST', 'budgets', budget), 400, { ...WRONG, param });
  });
});

describe('a body of /api', () => {
  const send = (body: string, type = 'application/json', key = app.adminKey) =>
    fetch(`${app.url}/api/limits`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      body,
    }).then(async (answer) => ({ status: answer.status, body: await answer.json() }));

  it.each<[string, string, number, string]>([
    ['that is no JSON', '{"scope":', 400, 'invalid_json'],
    ['that is a list', '[]', 400, 'invalid_json'],
    ['that reaches for a prototype', '{"__proto__":{"scope":"global"}}', 400, 'invalid_json'],
    ['that is too deep', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'invalid_json'],
    ['that is too large', `{"a":"${'x'.repeat(1024 * 1024)}"}`, 413, 'request_too_large'],
    ['without a member', '{}', 400, 'invalid_value'],
    ['that is empty', '', 400, 'invalid_value'],
  ])('%s is refused', async (_, body, status, code) => {
    await expectRefusal(send(body), status, { code });
  });

  it('has to be JSON, and its sender an admin', async () => {
    await expectRefusal(send('{}', 'text/plain'), 415, { code: 'unsupported_media_type' });
    await expectRefusal(send('{}', 'application/json', FILE_KEY), 403, {
      code: 'insufficient_permissions',
    });
  });
});

describe('/api/clients/:id/on-limit', () => {
  it('says whether requests wait, and for how long', async () => {
    const path = `clients/${clientId}/on-limit`;
    expect((await call('GET', path)).body).toEqual({ onLimit: 'reject', queueMs: null });
    const waiting = { onLimit: 'queue', queueMs: 2500 };
    expect(await call('PUT', path, waiting)).toEqual({ status: 200, body: waiting });
    await expect.poll(() => rules().onLimitOf(clientId), SOON).toEqual({ queueMs: 2500 });
    expect((await call('PUT', path, { onLimit: 'reject' })).body).toMatchObject({ queueMs: null });
    await expect.poll(() => rules().onLimitOf(clientId), SOON).toBeUndefined();
  });

  it('leaves a client of the file to the file', async () => {
    const filed = await app.app.get(ClientsService, { strict: false }).findByName('filed');
    const path = `clients/${filed?.id}/on-limit`;
    await expectRefusal(call('PUT', path, { onLimit: 'queue' }), 400, WRONG);
    await expectRefusal(call('PUT', 'clients/nobody/on-limit', { onLimit: 'queue' }), 404, {});
  });
});

function pick(rule: Rule | undefined) {
  return { scope: rule?.scope, scopeId: rule?.scopeId };
}

let requests = 0;

async function spend(apiKeyId: string): Promise<void> {
  requests += 1;
  const target = { provider: 'one', model: 'echo' };
  await book(app, { ...target, apiKeyId, requestId: `spent_${requests}` }, target);
}
